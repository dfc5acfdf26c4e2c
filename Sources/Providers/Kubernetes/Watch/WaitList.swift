import EventLoop
import Synchronization

/// Tasks that wait until something they look at has changed.
final class WaitList: Sendable {
    private struct State: Sendable {
        var waiting: [Int: Wakeup<Void, CancellationError>] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// Waits for `wakeAll`, unless `isReady` says that there is nothing to wait for.
    ///
    /// Whoever changes what `isReady` looks at calls `wakeAll` afterwards: no change is missed.
    func wait(unless isReady: @Sendable () -> Bool) async throws(CancellationError) {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        let result: Result<Void, CancellationError> = await withTaskCancellationHandler {
            do throws(CancellationError) {
                try await Wakeup<Void, CancellationError>.wait { wakeup in
                    state.withLock { $0.waiting[number] = wakeup }
                    // Looked at after entering the list: what changes from here on wakes us.
                    if Task.isCancelled { end(number, .failure(CancellationError())) }
                    if isReady() { end(number, .success(())) }
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        } onCancel: {
            end(number, .failure(CancellationError()))
        }
        try result.get()
    }

    /// Lets everybody look again.
    func wakeAll() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting
        }
        for wakeup in waiting.values { wakeup.resume() }
    }

    private func end(_ number: Int, _ result: Result<Void, CancellationError>) {
        let wakeup = state.withLock { $0.waiting.removeValue(forKey: number) }
        wakeup?.resume(with: result)
    }
}
