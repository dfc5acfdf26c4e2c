import EventLoop
import Glibc
import Synchronization

/// Turns signals into the end of the program: the first asks for it, the second does not wait.
final class StopSignals: Sendable {
    private struct State {
        var isStopping = false
        var waiting: Wakeup<Void, Never>?
    }

    private let state = Mutex(State())
    private let loop: EventLoop
    private let reload: @Sendable () -> Void

    /// Calls `reload` on SIGHUP from now on.
    ///
    /// On `loop`.
    init(on loop: EventLoop, reload: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.reload = reload
    }

    /// Returns when the program was asked to stop.
    ///
    /// Once, on the loop.
    func untilStop() async {
        // The source lives as long as its registration with the loop: until the program ends.
        let source: SignalSource
        do {
            source = try SignalSource(on: loop) { [self] signal in took(signal) }
        } catch {
            // Without it the program could be ended by SIGKILL alone: better not to start.
            StandardError.write("slipway: \(error)\n")
            return
        }
        await Wakeup<Void, Never>.wait { wakeup in
            let isStopping = state.withLock { state in
                if !state.isStopping { state.waiting = wakeup }
                return state.isStopping
            }
            if isStopping { wakeup.resume() }
        }
        _ = source
    }

    private func took(_ signal: ProcessSignal) {
        guard signal != .hangup else { return reload() }
        let (isSecond, waiting) = state.withLock { state in
            defer {
                state.isStopping = true
                state.waiting = nil
            }
            return (state.isStopping, state.waiting)
        }
        if isSecond {
            StandardError.write("slipway: stopped at once by a second signal\n")
            _exit(128 + signal.rawValue)
        }
        waiting?.resume()
    }
}
