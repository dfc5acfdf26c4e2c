internal import CLinux
internal import EventLoop
internal import Glibc

/// A child process that a thread waits for.
struct ServerProcess: ~Copyable {
    let id: pid_t
    /// Becomes readable when the process ends.
    let ending: Descriptor

    /// Starts `words[0]` with the rest as its arguments.
    ///
    /// The process gets `deathSignal` when the calling thread ends.
    init(
        _ words: [String],
        as user: ServerUser?,
        output: Int32,
        deathSignal: Int32,
        directory: String? = nil
    ) throws(SystemFailure) {
        // PostgreSQL is to speak plain English and to depend on nothing of ours.
        let environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"]
        var id = pid_t()
        let reason = CStringArray.withMutable(words) { arguments in
            CStringArray.withMutable(environment) { environment in
                slipway_spawn_server(
                    &id,
                    words[0],
                    arguments,
                    environment,
                    directory,
                    output,
                    user.map { Int64($0.uid) } ?? -1,
                    user.map { Int64($0.gid) } ?? -1,
                    deathSignal
                )
            }
        }
        guard reason == 0 else { throw SystemFailure("start \(words[0])", reason: reason) }
        let ending = slipway_pidfd_open(id)
        guard ending >= 0 else {
            let reason = errno
            kill(id, SIGKILL)
            slipway_reap(id)
            throw SystemFailure("pidfd_open", reason: reason)
        }
        self.id = id
        self.ending = Descriptor(owning: ending)
    }

    /// Waits until the process has ended.
    ///
    /// - Returns: its exit code, or 128 and its signal.
    func reap() -> Int32 {
        slipway_reap(id)
    }

    /// Runs a program to its end.
    ///
    /// - Returns: what it wrote to both its outputs, at most 64 KiB of it.
    static func output(
        of words: [String],
        as user: ServerUser? = nil
    ) throws(SystemFailure) -> String {
        var ends: [Int32] = [0, 0]
        guard slipway_pipe(&ends) == 0 else { throw SystemFailure("pipe") }
        let input = Descriptor(owning: ends[0])
        let output = Descriptor(owning: ends[1])
        let process = try ServerProcess(
            words,
            as: user,
            output: output.raw,
            deathSignal: SIGKILL,
            directory: "/"
        )
        _ = consume output
        var collected: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(input.raw, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            if collected.count < 65_536 { collected.append(contentsOf: buffer[..<count]) }
        }
        let status = process.reap()
        let text = String(decoding: collected, as: UTF8.self)
        guard status == 0 else {
            throw SystemFailure("\(words[0]) ended with \(status): \(text)", reason: 0)
        }
        return text
    }
}

/// Waits for descriptors on a thread that may block.
enum Waiting {
    /// Whether one of `descriptors` became readable within `limit` (nil: waits for ever).
    static func readable(_ descriptors: [Int32], within limit: Duration?) -> Bool {
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let end = limit.map { ContinuousClock.now.advanced(by: $0) }
        while true {
            let rest = end.map { max(0, (ContinuousClock.now.duration(to: $0)).milliseconds) }
            let count = poll(&polled, nfds_t(polled.count), Int32(clamping: rest ?? -1))
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }
}
