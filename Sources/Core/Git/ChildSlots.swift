import EventLoop
import Synchronization

/// Lets a bounded number of children run; some more wait in order, the rest are sent away.
final class ChildSlots: Sendable {
    private struct State {
        var free: Int
        var waiting: [(number: Int, wakeup: Wakeup<Bool, Never>)] = []
        var nextNumber = 0
    }

    private let state: Mutex<State>
    private let waitingMax: Int

    init(count: Int, waitingMax: Int) {
        state = Mutex(State(free: count))
        self.waitingMax = waitingMax
    }

    /// Waits for a place.
    ///
    /// Throws `.busy` when too many wait already or the task was cancelled.
    func enter() async throws(GitFault) {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let isIn = await withTaskCancellationHandler {
            await Wakeup<Bool, Never>.wait { wakeup in
                guard let answer = admit(wakeup, number) else { return }
                wakeup.resume(returning: answer)
            }
        } onCancel: {
            abandon(number)
        }
        guard isIn else { throw .busy }
    }

    /// Gives the place to the next one.
    func leave() {
        let next: Wakeup<Bool, Never>? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().wakeup
        }
        next?.resume(returning: true)
    }

    /// The answer when there is one at once; nil when the caller waits.
    private func admit(_ wakeup: Wakeup<Bool, Never>, _ number: Int) -> Bool? {
        state.withLock { state in
            if Task.isCancelled { return false }
            if state.free > 0 {
                state.free -= 1
                return true
            }
            guard state.waiting.count < waitingMax else { return false }
            state.waiting.append((number, wakeup))
            return nil
        }
    }

    private func abandon(_ number: Int) {
        let gone: Wakeup<Bool, Never>? = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.number == number }) else {
                return nil
            }
            return state.waiting.remove(at: index).wakeup
        }
        gone?.resume(returning: false)
    }
}
