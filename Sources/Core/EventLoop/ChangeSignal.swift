import Synchronization

/// Wakes whoever waits for something to happen: a job's end, a new event, a changed object.
///
/// A ring is a hint and carries nothing; whoever is woken looks for itself.
package final class ChangeSignal: Sendable {
    private struct State {
        var generation: UInt64 = 0
        var isClosed = false
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: Wakeup<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// A signal that nobody waits for yet.
    package init() {}

    /// Wakes everybody who waits.
    package func ring() {
        let waiters = state.withLock { state in
            state.generation &+= 1
            defer { state.waiters.removeAll(keepingCapacity: true) }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Wakes everybody who waits, and lets nobody wait any more: the server is being stopped.
    package func close() {
        state.withLock { $0.isClosed = true }
        ring()
    }

    /// Whether nothing is waited for any more; held answers are given as things stand.
    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// How often it has rung; taken before a look, so that a ring between look and wait counts.
    package var generation: UInt64 { state.withLock { $0.generation } }

    /// Waits on the loop of the current task until it has rung since `generation`, until `limit`
    /// is over, or until the task is cancelled.
    package func wait(since generation: UInt64, upTo limit: Duration) async {
        guard let loop = EventLoop.current else {
            preconditionFailure("waiting calls run on an event loop")
        }
        let number = state.withLock { state in
            state.nextWaiter &+= 1
            return state.nextWaiter
        }
        let timer = loop.schedule(after: limit) { self.wake(number) }
        await withTaskCancellationHandler {
            await Wakeup<Void, Never>.wait { wakeup in
                let isTooLate = state.withLock { state in
                    guard state.generation == generation, !state.isClosed else { return true }
                    state.waiters[number] = wakeup
                    return false
                }
                if isTooLate { return wakeup.resume() }
                if Task.isCancelled { wake(number) }
            }
        } onCancel: {
            wake(number)
        }
        loop.cancel(timer)
    }

    private func wake(_ number: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
    }
}
