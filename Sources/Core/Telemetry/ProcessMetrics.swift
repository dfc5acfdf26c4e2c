internal import Glibc

extension MetricsRegistry {
    /// Registers Prometheus' standard figures of this process, read from `/proc/self`.
    package func registerProcessMetrics() {
        observe("process_cpu_seconds_total", help: "CPU time of the process.", as: .counter) {
            [Sample(ProcessFigures.cpuSeconds())]
        }
        let figures: [(String, String, @Sendable () -> Double)] = [
            (
                "process_resident_memory_bytes", "Memory that is resident.",
                { ProcessFigures.memory(page: 1) }
            ),
            (
                "process_virtual_memory_bytes", "Address space in use.",
                { ProcessFigures.memory(page: 0) }
            ),
            ("process_open_fds", "Open descriptors.", ProcessFigures.openDescriptors),
            ("process_max_fds", "Descriptors that may be open.", ProcessFigures.descriptorsMax),
            ("process_threads", "Threads.", { ProcessFigures.stat(field: 17) }),
            (
                "process_start_time_seconds", "When the process started, since 1970.",
                ProcessFigures.startSeconds
            ),
        ]
        for (name, help, read) in figures { observe(name, help: help) { [Sample(read())] } }
    }
}

/// Figures of this process as Linux tells them; 0 where it does not.
enum ProcessFigures {
    static func cpuSeconds() -> Double {
        var usage = rusage()
        guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
        return [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
        }
    }

    /// Field `page` of `/proc/self/statm` in bytes.
    static func memory(page: Int) -> Double {
        let fields = read("/proc/self/statm").split(separator: " ")
        guard page < fields.count, let pages = Double(fields[page]) else { return 0 }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// A field of `/proc/self/stat` behind the program's name, the state being number 0.
    static func stat(field: Int) -> Double {
        let text = read("/proc/self/stat")
        guard let end = text.lastIndex(of: ")") else { return 0 }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return field < fields.count ? Double(fields[field]) ?? 0 : 0
    }

    static func startSeconds() -> Double {
        let boot = read("/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard let boot, let seconds = Double(boot.dropFirst(6)) else { return 0 }
        return seconds + stat(field: 19) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    static func openDescriptors() -> Double {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Neither ".", nor "..", nor the descriptor that reads the folder.
        return Double(max(0, count - 3))
    }

    static func descriptorsMax() -> Double {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Double(limit.rlim_cur)
    }

    /// The start of a file of `/proc`, at most 64 KiB.
    private static func read(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            var total = 0
            while total < buffer.count {
                let got = Glibc.read(
                    descriptor,
                    buffer.baseAddress.map { $0 + total },
                    buffer.count - total
                )
                guard got > 0 else { break }
                total += got
            }
            count = total
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
