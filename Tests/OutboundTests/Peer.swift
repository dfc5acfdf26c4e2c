import EventLoop
import HTTP
import Outbound
import Synchronization

/// A server to send requests to, and a client on the same loop.
struct Peer: Sendable {
    let client: OutboundClient
    let loop: EventLoop
    let base: String
    let handler: PeerHandler

    /// Runs `body` on the loop.
    static func run(
        limits: LaneLimits = LaneLimits(),
        tls: TLSContext? = nil,
        _ body: @escaping @Sendable (Peer) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup(count: 1)
        group.start()
        let handler = PeerHandler()
        let server = Server(group: group, handler: handler, limits: ServerLimits(), tls: tls)
        let address = try server.listen(on: .host("127.0.0.1", port: 0))
        let scheme = tls == nil ? "http" : "https"
        let peer = Peer(
            client: OutboundClient(on: group.loops[0], limits: limits),
            loop: group.loops[0],
            base: "\(scheme)://\(address)",
            handler: handler
        )
        let result = await Task(executorPreference: peer.loop) { try await body(peer) }.result
        await peer.client.close()
        await server.drain(within: .seconds(1))
        group.stop()
        try result.get()
    }
}

/// Answers some paths in ways of their own and tells of each request what it was.
final class PeerHandler: RequestHandler {
    static let largeBytes = 16 << 20
    private static let piece = [UInt8](repeating: 0x61, count: 64 << 10)
    /// Bytes of large answers that the server could get rid of.
    let written = Atomic<Int>(0)

    func respond(to request: Request) async -> Response {
        switch request.path {
        case "/large":
            return Response(
                status: .ok,
                body: .stream(length: Self.largeBytes) { writer in
                    for _ in 0..<(Self.largeBytes / Self.piece.count) {
                        try await writer.write(Self.piece)
                        self.written.add(Self.piece.count, ordering: .relaxed)
                    }
                }
            )
        case "/hang":
            return Response(
                status: .ok,
                body: .stream(length: nil) { writer in
                    try await writer.write(Array("first".utf8))
                    try await writer.flush()
                    try await EventLoop.current?.sleep(for: .seconds(3_600))
                }
            )
        case "/broken":
            return Response(
                status: .ok,
                body: .stream(length: 100) { writer in
                    try await writer.write(Array("half".utf8))
                    throw CancellationError()
                }
            )
        case "/elsewhere":
            return Response(status: .permanentRedirect, headers: [.location: "/large"])
        default:
            let body = (try? await request.body.collect(upTo: 1 << 20)) ?? []  // Missed then.
            let type = request.headers[.contentType] ?? "none"
            let text = "\(request.method.name) \(request.path)?\(request.query ?? "") \(type)\n"
            return Response(status: .notFound, body: .bytes(Array(text.utf8) + body))
        }
    }

    func answer(to fault: RequestFault, from peer: String) -> Response {
        Response(status: .badRequest)
    }

    func ended(_ exchange: Exchange) {}
}
