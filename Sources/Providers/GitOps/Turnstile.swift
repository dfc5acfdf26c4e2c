import Contract
import EventLoop
import Synchronization

/// Lets one task through at a time, in the order of their coming.
final class Turnstile: Sendable {
    private struct State {
        var isTaken = false
        var waiting: ArraySlice<Wakeup<Void, Never>> = []
    }

    private let state = Mutex(State())

    /// Runs the body when it is its turn.
    func pass<Value: Sendable>(
        _ body: () async throws(ProviderFault) -> Value
    ) async throws(ProviderFault) -> Value {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        await Wakeup<Void, Never>.wait { wakeup in
            let isFree = state.withLock { state in
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                state.waiting.append(wakeup)
                return false
            }
            if isFree { wakeup.resume() }
        }
    }

    private func leave() {
        let next = state.withLock { state in
            let next = state.waiting.popFirst()
            state.isTaken = next != nil
            return next
        }
        next?.resume()
    }
}
