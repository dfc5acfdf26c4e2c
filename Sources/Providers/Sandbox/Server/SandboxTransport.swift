import EventLoop
package import Kubernetes
import Synchronization

/// Carries Slipway's own requests to a sandbox cluster, within the process and with all rights.
package struct SandboxTransport: KubernetesTransport {
    private let server: SandboxServer
    private let cluster: String
    private let caller: SandboxRequest.Caller

    /// The way to a cluster, for somebody whom Slipway knows.
    package init(_ server: SandboxServer, cluster: String, as name: String = "slipway") {
        self.server = server
        self.cluster = cluster
        caller = .administrator(name)
    }

    /// The way to a cluster with one of its tokens.
    package init(_ server: SandboxServer, cluster: String) {
        self.server = server
        self.cluster = cluster
        caller = .header
    }

    /// Sends a request; what the cluster refuses is an answer, not a fault.
    package func send(
        _ request: KubernetesRequest
    ) async throws(KubernetesFault) -> KubernetesAnswer {
        let parts = request.target.split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let answer = await server.respond(
            to: SandboxRequest(
                cluster: cluster,
                method: request.method,
                path: String(parts[0]),
                query: parts.count > 1 ? String(parts[1]) : nil,
                headers: request.headers,
                body: request.body ?? [],
                caller: caller
            )
        )
        switch answer.body {
        case .bytes(let bytes):
            return KubernetesAnswer(status: answer.status, headers: answer.headers, bytes: bytes)
        case .stream(let run):
            return KubernetesAnswer(
                status: answer.status,
                headers: answer.headers,
                body: WatchedBody(run)
            )
        }
    }
}

/// A watch within the process: written by a task of its own, one piece ahead of its reader.
private final class WatchedBody: KubernetesBody {
    private let pipe = WatchPipe()
    /// Cancelled with this value; it ends soon after, and nobody waits for that.
    private let writer: Task<Void, Never>

    init(_ run: @escaping @Sendable (SandboxAnswer.Write) async throws -> Void) {
        let pipe = pipe
        // Cancelled in `deinit`.
        writer = Task(executorPreference: EventLoop.current) {
            // However the watch ends, its reader sees the end and watches anew.
            try? await run { try await pipe.write($0) }
            pipe.end()
        }
    }

    deinit {
        writer.cancel()
        pipe.end()
    }

    func next() async throws(KubernetesFault) -> [UInt8]? {
        await withTaskCancellationHandler {
            await pipe.read()
        } onCancel: {
            pipe.end()
        }
    }
}

/// Room for one piece between a writer and a reader.
private final class WatchPipe: Sendable {
    private struct State {
        var piece: [UInt8]?
        var isEnded = false
        var reader: Wakeup<Void, Never>?
        var writer: Wakeup<Void, Never>?
    }

    private let state = Mutex(State())

    func write(_ bytes: [UInt8]) async throws(CancellationError) {
        while true {
            let (isPlaced, isEnded, reader) = state.withLock { state in
                guard !state.isEnded, state.piece == nil else {
                    return (false, state.isEnded, Wakeup<Void, Never>?.none)
                }
                state.piece = bytes
                return (true, false, state.reader.take())
            }
            reader?.resume()
            if isPlaced { return }
            if isEnded { throw CancellationError() }
            await Wakeup<Void, Never>.wait { wakeup in
                let isFree = state.withLock { state in
                    if state.isEnded || state.piece == nil { return true }
                    state.writer = wakeup
                    return false
                }
                if isFree { wakeup.resume() }
            }
        }
    }

    func read() async -> [UInt8]? {
        while true {
            let (piece, isEnded, writer) = state.withLock { state in
                (state.piece.take(), state.isEnded, state.writer.take())
            }
            writer?.resume()
            if piece != nil || isEnded { return piece }
            await Wakeup<Void, Never>.wait { wakeup in
                let isThere = state.withLock { state in
                    if state.isEnded || state.piece != nil { return true }
                    state.reader = wakeup
                    return false
                }
                if isThere { wakeup.resume() }
            }
        }
    }

    func end() {
        let (reader, writer) = state.withLock { state in
            state.isEnded = true
            return (state.reader.take(), state.writer.take())
        }
        reader?.resume()
        writer?.resume()
    }
}
