internal import CLinux
internal import Glibc

/// Owner of one eventfd: a thread waits on it until another signals.
struct EventCounter: ~Copyable, Sendable {
    private let descriptor: Int32

    init() {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC))
        precondition(descriptor >= 0, "the system gave no eventfd for the log")
    }

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        // The counter cannot reach its limit of 2^64 - 2, the only way in which this fails.
        _ = Glibc.write(descriptor, &one, 8)
    }

    /// Waits for the next signal.
    func wait() {
        var count: UInt64 = 0
        while read(descriptor, &count, 8) < 0, errno == EINTR {}
    }

    /// Waits for the next signal, at most this long; whether it came.
    func wait(atMost limit: Duration) -> Bool {
        let (seconds, attoseconds) = limit.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        var readiness = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&readiness, 1, Int32(clamping: milliseconds)) == 1
    }
}
