import EventLoop
import Synchronization

/// What is known about the kinds that one server serves; asked for by one caller at a time.
final class Discovery: Sendable {
    private struct State: Sendable {
        var directory: APIDirectory?
        var asked = MonotonicTime(nanoseconds: 0)
        var isAsking = false
        var waiting: [Wakeup<Void, Never>] = []
    }

    private enum Turn: Sendable {
        case known(APIDirectory)
        case ask
        case wait
    }

    private let state = Mutex(State())

    /// What is known and not older than that, else what the server says now.
    func directory(
        of client: KubernetesClient,
        ageMax: Duration
    ) async throws(KubernetesFault) -> APIDirectory {
        while true {
            switch turn(now: client.clock.now, ageMax: ageMax) {
            case .known(let directory): return directory
            case .wait: await wait()
            case .ask: return try await ask(client)
            }
        }
    }

    /// Lets the next caller ask the server.
    func forget() {
        state.withLock { $0.directory = nil }
    }

    private func turn(now: MonotonicTime, ageMax: Duration) -> Turn {
        state.withLock { state in
            if let directory = state.directory, now - state.asked <= ageMax {
                return .known(directory)
            }
            if state.isAsking { return .wait }
            state.isAsking = true
            return .ask
        }
    }

    /// Until whoever asks has an answer, or none.
    private func wait() async {
        await Wakeup<Void, Never>.wait { wakeup in
            let isOver = state.withLock { state in
                if state.isAsking { state.waiting.append(wakeup) }
                return !state.isAsking
            }
            if isOver { wakeup.resume() }
        }
    }

    private func ask(_ client: KubernetesClient) async throws(KubernetesFault) -> APIDirectory {
        let now = client.clock.now
        do throws(KubernetesFault) {
            let directory = try await client.askForDirectory()
            end(directory, now)
            return directory
        } catch {
            end(nil, now)
            throw error
        }
    }

    private func end(_ directory: APIDirectory?, _ now: MonotonicTime) {
        let waiting = state.withLock { state in
            state.isAsking = false
            state.directory = directory ?? state.directory
            if directory != nil { state.asked = now }
            defer { state.waiting = [] }
            return state.waiting
        }
        for wakeup in waiting { wakeup.resume() }
    }
}
