import EventLoop
import HTTP
import JSON
import Outbound
import Secrets
import Synchronization
import Testing

@testable import Kubernetes

/// An API server of few words, over the network.
private final class Door: RequestHandler {
    /// The token that is taken.
    let token = Mutex("first")
    let targets = Mutex<[String]>([])

    func respond(to request: Request) async -> Response {
        targets.withLock {
            $0.append("\(request.method.name) \(request.path)?\(request.query ?? "")")
        }
        let taken = token.withLock { "Bearer \($0)" }
        guard request.headers[.authorization] == taken else {
            return Response(status: .unauthorized, body: .bytes(Array("{}".utf8)))
        }
        guard request.path.hasSuffix("/stuck") else {
            let json = configMap("a", version: 1).serialized()
            return Response(status: .ok, body: .bytes(json))
        }
        return Response(
            status: .ok,
            body: .stream(length: nil) { writer in
                try await writer.write(Array(event("ADDED", configMap("a", version: 1)).utf8))
                try await writer.flush()
                try await EventLoop.current?.sleep(for: .seconds(3_600))
            }
        )
    }

    func answer(to fault: RequestFault, from peer: String) -> Response {
        Response(status: .badRequest)
    }

    func ended(_ exchange: Exchange) {}
}

@Suite(.timeLimit(.minutes(1))) struct TransportTests {
    private struct Bench: Sendable {
        let loop: EventLoop
        let door: Door
        let lanes: OutboundLanes
        let address: String

        func access(token: String) throws(KubernetesFault) -> ClusterAccess {
            ClusterAccess(
                server: try ServerAddress(parsing: "\(address)/prefix/"),
                trust: OutboundTrust(),
                token: SecretBytes(token)
            )
        }

        func transport(
            _ read: @escaping @Sendable () async throws(KubernetesFault) -> ClusterAccess
        ) -> OutboundTransport {
            OutboundTransport(lanes: lanes, credentials: Credentials(read))
        }
    }

    private static func run(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
        let group = try EventLoopGroup(count: 1)
        group.start()
        let door = Door()
        let server = Server(group: group, handler: door, limits: ServerLimits(), tls: nil)
        let address = try server.listen(on: .host("127.0.0.1", port: 0))
        let lanes = OutboundLanes(on: group.loops[0])
        let bench = Bench(
            loop: group.loops[0],
            door: door,
            lanes: lanes,
            address: "http://\(address)"
        )
        let result = await Task(executorPreference: group.loops[0]) { try await body(bench) }.result
        await lanes.close()
        await server.drain(within: .seconds(1))
        group.stop()
        try result.get()
    }

    @Test func `a request goes below the server's own path, with the token`() async throws {
        try await Self.run { bench in
            let transport = bench.transport { () throws(KubernetesFault) in
                try bench.access(token: "first")
            }
            let request = KubernetesRequest("GET", "/api/v1/x%2Fy", query: [("a", "b c")])
            let answer = try await transport.send(request)
            #expect(answer.status == 200)
            #expect(try await !answer.body.collect(upTo: 1_000).isEmpty)
            #expect(
                bench.door.targets.withLock { $0 } == ["GET /prefix/api/v1/x%2Fy?a=b%20c"]
            )
        }
    }

    @Test func `a token that has changed is read again at the first refusal`() async throws {
        try await Self.run { bench in
            let kept = Mutex("first")
            let reads = Atomic<Int>(0)
            let transport = bench.transport { () throws(KubernetesFault) in
                reads.add(1, ordering: .relaxed)
                return try bench.access(token: kept.withLock { $0 })
            }
            func status() async throws -> Int {
                try await transport.send(KubernetesRequest("GET", "/a")).status
            }
            var told = [try await status()]
            bench.door.token.withLock { $0 = "second" }
            kept.withLock { $0 = "second" }
            told.append(try await status())
            told.append(try await status())
            #expect(told == [200, 200, 200] && reads.load(ordering: .relaxed) == 2)
            bench.door.token.withLock { $0 = "third" }
            let refused = try await status()
            #expect(refused == 401)
            #expect(reads.load(ordering: .relaxed) == 3)
        }
    }

    @Test func `watches and lists hold up nobody else`() async throws {
        try await Self.run { bench in
            let transport = bench.transport { () throws(KubernetesFault) in
                try bench.access(token: "first")
            }
            var stuck: [KubernetesAnswer] = []
            for lane in Array(repeating: Lane.watch, count: 20) + [.bulk, .bulk] {
                let request = KubernetesRequest("GET", "/stuck", lane: lane)
                let answer = try await transport.send(request)
                #expect(try await answer.body.next() != nil)
                stuck.append(answer)
            }
            #expect(try await transport.send(KubernetesRequest("GET", "/a")).status == 200)
            #expect(stuck.count == 22)
        }
    }

    @Test func `a server that is silent for too long has broken off`() async throws {
        try await Self.run { bench in
            let transport = bench.transport { () throws(KubernetesFault) in
                try bench.access(token: "first")
            }
            let request = KubernetesRequest(
                "GET",
                "/stuck",
                lane: .watch,
                timeout: .seconds(3_600),
                silenceMax: .seconds(1)
            )
            let answer = try await transport.send(request)
            #expect(try await answer.body.next() != nil)
            let fault = await refusal { try await answer.body.next() }
            guard case .interrupted = fault else { return #expect(fault == nil) }
        }
    }

    @Test func `a server that is not there is unreachable, and names that lead home are refused`()
        async throws
    {
        try await Self.run { bench in
            let away = bench.transport { () throws(KubernetesFault) in
                ClusterAccess(
                    server: ServerAddress(host: "127.0.0.1", port: 1),
                    trust: OutboundTrust()
                )
            }
            let fault = await refusal { try await away.send(KubernetesRequest("GET", "/")) }
            guard case .unreachable = fault else { return #expect(fault == nil) }
            let lanes = OutboundLanes(on: bench.loop, addresses: .otherMachines)
            let home = OutboundTransport(
                lanes: lanes,
                credentials: Credentials(
                    ClusterAccess(
                        server: ServerAddress(host: "localhost", port: 1),
                        trust: OutboundTrust()
                    )
                )
            )
            let refused = await refusal { try await home.send(KubernetesRequest("GET", "/")) }
            await lanes.close()
            guard case .malformed = refused else { return #expect(refused == nil) }
        }
    }
}
