import EventLoop
import Synchronization

/// A value that is costly to get: kept for a while, and got by one caller at a time.
final class Remembered<Value: Sendable>: Sendable {
    private struct State: Sendable {
        var value: Value?
        var got = MonotonicTime(nanoseconds: 0)
        var isBeingGot = false
        var waiting: [Wakeup<Void, Never>] = []
    }

    private enum Turn: Sendable {
        case known(Value)
        case get
        case wait
    }

    private let state = Mutex(State())

    /// The value where it is not older than that, else what `get` gives.
    ///
    /// `outlives`: whether an old value is better than the fault of getting a new one.
    func value(
        ageMax: Duration,
        clock: any KubernetesClock,
        outlives: (KubernetesFault) -> Bool = { _ in false },
        _ get: () async throws(KubernetesFault) -> Value
    ) async throws(KubernetesFault) -> Value {
        while true {
            switch turn(now: clock.now, ageMax: ageMax) {
            case .known(let value): return value
            case .wait: await wait()
            case .get:
                let now = clock.now
                do throws(KubernetesFault) {
                    let value = try await get()
                    end(value, now)
                    return value
                } catch {
                    guard let old = end(nil, now), outlives(error) else { throw error }
                    return old
                }
            }
        }
    }

    /// Lets the next caller get it anew, unless what is known is another one than was meant.
    func forget(where isMeant: (Value) -> Bool = { _ in true }) {
        state.withLock { state in
            if let value = state.value, isMeant(value) { state.value = nil }
        }
    }

    private func turn(now: MonotonicTime, ageMax: Duration) -> Turn {
        state.withLock { state in
            if let value = state.value, now - state.got <= ageMax { return .known(value) }
            if state.isBeingGot { return .wait }
            state.isBeingGot = true
            return .get
        }
    }

    /// Until whoever gets it has it, or has none.
    private func wait() async {
        await Wakeup<Void, Never>.wait { wakeup in
            let isOver = state.withLock { state in
                if state.isBeingGot { state.waiting.append(wakeup) }
                return !state.isBeingGot
            }
            if isOver { wakeup.resume() }
        }
    }

    @discardableResult
    private func end(_ value: Value?, _ now: MonotonicTime) -> Value? {
        let (waiting, known) = state.withLock { state in
            state.isBeingGot = false
            if let value {
                state.value = value
                state.got = now
            }
            defer { state.waiting = [] }
            return (state.waiting, state.value)
        }
        for wakeup in waiting { wakeup.resume() }
        return known
    }
}
