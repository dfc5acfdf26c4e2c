import CLinux
import Glibc

/// A signal that the process acts upon.
package enum ProcessSignal: Int32, Sendable, CaseIterable {
    /// Read the certificates anew.
    case hangup = 1
    /// Stop, asked from a terminal.
    case interrupt = 2
    /// Stop, asked by a supervisor.
    case terminate = 15

    /// Keeps these signals from ending the process, so that a `SignalSource` can take them, and
    /// broken pipes from ending it at all.
    ///
    /// Called once, before any thread is started.
    package static func block() {
        var set = sigset_t()
        sigemptyset(&set)
        for one in ProcessSignal.allCases { sigaddset(&set, one.rawValue) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }
}

/// Tells of the signals that were blocked, on a loop.
// Safety: touched only on its loop's thread after `init`.
package final class SignalSource: ReadinessHandler, @unchecked Sendable {
    private let descriptor: Descriptor
    private let loop: EventLoop
    private let handler: (ProcessSignal) -> Void
    private var registration: Registration?

    /// Calls `handler` on `loop` for each signal until the source is cancelled.
    ///
    /// Loop thread only.
    ///
    /// - Throws: `SystemFault` when the process has no descriptors left.
    package init(
        on loop: EventLoop,
        _ handler: @escaping (ProcessSignal) -> Void
    ) throws(SystemFault) {
        var set = sigset_t()
        sigemptyset(&set)
        for one in ProcessSignal.allCases { sigaddset(&set, one.rawValue) }
        let raw = signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        guard raw >= 0 else { throw SystemFault(call: "signalfd", errno: errno) }
        descriptor = Descriptor(owning: raw)
        self.loop = loop
        self.handler = handler
        registration = try loop.register(raw, for: .read, self)
    }

    /// Ends the telling; signals stay blocked.
    ///
    /// Loop thread only.
    package func cancel() {
        if let registration { loop.deregister(registration) }
        registration = nil
    }

    /// Reads the signals that have come.
    package func ready(_ readiness: Readiness) {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        while read(descriptor.raw, &information, size) == size {
            if let signal = ProcessSignal(rawValue: Int32(information.ssi_signo)) {
                handler(signal)
            }
        }
    }
}
