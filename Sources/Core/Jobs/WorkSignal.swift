import EventLoop
import Synchronization

/// Wakes one waiting task; a signal that comes while nobody waits is kept, further ones are not.
final class WorkSignal: Sendable {
    private struct State {
        var isRaised = false
        var waiter: Wakeup<Bool, Never>?
        var turn = 0

        mutating func takeWaiter() -> Wakeup<Bool, Never>? {
            defer { waiter = nil }
            return waiter
        }
    }

    private let state = Mutex(State())

    /// Wakes the task that waits, or the next one to.
    ///
    /// Any thread.
    func raise() {
        let waiter = state.withLock { state in
            state.isRaised = state.waiter == nil
            return state.takeWaiter()
        }
        waiter?.resume(returning: true)
    }

    /// Waits for a signal, at most that long; false where none came.
    ///
    /// On the loop, one task at a time.
    func wait(atMost limit: Duration, on loop: EventLoop) async -> Bool {
        let turn = state.withLock { state -> Int? in
            if state.isRaised {
                state.isRaised = false
                return nil
            }
            state.turn += 1
            return state.turn
        }
        guard let turn else { return true }
        let timer = loop.schedule(after: limit) { [self] in expire(turn) }
        defer { loop.cancel(timer) }
        return await Wakeup<Bool, Never>.wait { wakeup in
            let isRaised = state.withLock { state in
                precondition(state.waiter == nil, "one task waits for a signal at a time")
                guard !state.isRaised else {
                    state.isRaised = false
                    return true
                }
                state.waiter = wakeup
                return false
            }
            if isRaised { wakeup.resume(returning: true) }
        }
    }

    private func expire(_ turn: Int) {
        let waiter = state.withLock { state in
            state.turn == turn ? state.takeWaiter() : nil
        }
        waiter?.resume(returning: false)
    }
}
