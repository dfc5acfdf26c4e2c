internal import CLinux
internal import EventLoop
internal import Glibc

/// Ends what a killed program left running on a data directory, and only that.
///
/// Whoever holds the directory's lock may call it: a PostgreSQL that works in it then has no owner.
struct OrphanSweep {
    let data: String
    /// The folder of the server's socket.
    let sockets: String
    /// How long an orderly shutdown may take; recovery after a hard one costs more.
    var patience = Duration.seconds(10)

    /// Ends every such process, then removes the lock files, which name nobody of this directory.
    func run() throws(EmbeddedServerFault) {
        for signal in [SIGINT, SIGQUIT, SIGKILL] {
            let rest = orphans()
            guard !rest.isEmpty else { break }
            end(rest, with: signal)
        }
        guard orphans().isEmpty else {
            throw EmbeddedServerFault(
                "A PostgreSQL left behind in \(data) does not end: end it by hand."
            )
        }
        // PostgreSQL itself would take the process that has the number now for its own.
        unlink(data + "/postmaster.pid")
        unlink(sockets + "/.s.PGSQL.5432.lock")
        unlink(sockets + "/.s.PGSQL.5432")
    }

    /// The processes of PostgreSQL that work in the data directory: the server and its sessions
    /// make it their working directory.
    func orphans() -> [pid_t] {
        Files.entries(of: "/proc").compactMap { pid_t($0) }.filter(isOrphan)
    }

    private func isOrphan(_ id: pid_t) -> Bool {
        Files.linkTarget("/proc/\(id)/cwd") == data
            && Files.linkTarget("/proc/\(id)/exe")?.contains("/postgres") == true
    }

    private func end(_ processes: [pid_t], with signal: Int32) {
        let endings = processes.map { (id: $0, descriptor: slipway_pidfd_open($0)) }
            .filter { $0.descriptor >= 0 }
        defer { endings.forEach { close($0.descriptor) } }
        let leader = postmaster(among: processes)
        for ending in endings where leader == nil || ending.id == leader || signal == SIGKILL {
            // The number may have gone to another process since we looked: what the descriptor
            // stands for is looked at again, and signalled through it.
            guard isOrphan(ending.id) else { continue }
            slipway_pidfd_signal(
                ending.descriptor,
                leader == nil && signal == SIGINT ? SIGQUIT : signal
            )
        }
        let end = ContinuousClock.now.advanced(by: patience)
        for ending in endings {
            _ = Waiting.readable(
                [ending.descriptor],
                within: ContinuousClock.now.duration(to: end)
            )
        }
    }

    /// The server itself, which ends its sessions in order: the one that the lock file names.
    private func postmaster(among processes: [pid_t]) -> pid_t? {
        let text = Files.tail(of: data + "/postmaster.pid", limit: 4_096)
        let first = text.split(separator: "\n").first.flatMap { pid_t($0) }
        return first.flatMap { processes.contains($0) ? $0 : nil }
    }
}
