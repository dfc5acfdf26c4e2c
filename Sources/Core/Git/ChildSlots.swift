import EventLoop
import Synchronization

/// Lets a bounded number run, each caller no more than a share of it; some more wait in order for
/// a bounded time, the rest are sent away.
final class ChildSlots: Sendable {
    /// One place; it is given to the next one when nobody holds it any more.
    final class Place: Sendable {
        private let slots: ChildSlots
        private let caller: String

        fileprivate init(_ slots: ChildSlots, _ caller: String) {
            self.slots = slots
            self.caller = caller
        }

        deinit {
            slots.leave(caller)
        }
    }

    private struct Waiter {
        let number: Int
        let caller: String
        let wakeup: Wakeup<Bool, Never>
    }

    private struct State {
        var free: Int
        /// Places that each caller holds; who holds none is not in it.
        var held: [String: Int] = [:]
        var waiting: [Waiter] = []
        var nextNumber = 0
    }

    private let state: Mutex<State>
    private let share: Int
    private let waitingMax: Int
    private let waitingShare: Int
    private let patience: Duration

    /// How many more wait for each place.
    private static let waitingPerPlace = 8

    /// At most `count` run at once and `share` of one caller; who waits longer than `patience` is
    /// sent away.
    init(count: Int, share: Int, patience: Duration) {
        state = Mutex(State(free: count))
        self.share = share
        waitingMax = count * Self.waitingPerPlace
        waitingShare = share * Self.waitingPerPlace
        self.patience = patience
    }

    /// Waits for a place, on the loop of the current task.
    ///
    /// Throws `.busy` when too many wait already, none became free in time, or the task was
    /// cancelled.
    func enter(for caller: String) async throws(GitFault) -> Place {
        guard let loop = EventLoop.current else {
            preconditionFailure("Git is served on a loop")
        }
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let timer = loop.schedule(after: patience) { self.abandon(number) }
        let isIn = await withTaskCancellationHandler {
            await Wakeup<Bool, Never>.wait { wakeup in
                let waiter = Waiter(number: number, caller: caller, wakeup: wakeup)
                guard let answer = admit(waiter) else { return }
                wakeup.resume(returning: answer)
            }
        } onCancel: {
            abandon(number)
        }
        loop.cancel(timer)
        guard isIn else { throw .busy }
        return Place(self, caller)
    }

    /// Gives the place to the first one who may have it.
    private func leave(_ caller: String) {
        let next: Wakeup<Bool, Never>? = state.withLock { state in
            state.free += 1
            state.held[caller] = state.held[caller].flatMap { $0 > 1 ? $0 - 1 : nil }
            let first = state.waiting.firstIndex { mayEnter($0.caller, state) }
            guard let first else { return nil }
            let waiter = state.waiting.remove(at: first)
            take(waiter.caller, &state)
            return waiter.wakeup
        }
        next?.resume(returning: true)
    }

    /// The answer when there is one at once; nil when the caller waits.
    private func admit(_ waiter: Waiter) -> Bool? {
        state.withLock { state in
            if Task.isCancelled { return false }
            if mayEnter(waiter.caller, state) {
                take(waiter.caller, &state)
                return true
            }
            let alike = state.waiting.count { $0.caller == waiter.caller }
            guard state.waiting.count < waitingMax, alike < waitingShare else { return false }
            state.waiting.append(waiter)
            return nil
        }
    }

    private func mayEnter(_ caller: String, _ state: borrowing State) -> Bool {
        state.free > 0 && state.held[caller, default: 0] < share
    }

    private func take(_ caller: String, _ state: inout State) {
        state.free -= 1
        state.held[caller, default: 0] += 1
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
