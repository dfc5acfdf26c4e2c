import EventLoop
import HTTP
import TestSupport
import Testing

struct `The end of a server` {
    @Test func `closes what is idle and finishes what is under way`() async throws {
        // One loop: when the idle connection is closed, the busy one knows of the end too.
        let server = try TestServer(loops: 1)
        let idle = try server.client()
        idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(idle.read(1).count == 1)
        let busy = try server.client()
        busy.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.handler.signals.wait(for: "hanging")
        async let stopped: Void = server.stop()
        #expect(await idle.readToEndElsewhere().isEmpty)
        server.handler.signals.send("cancelled")
        let response = try #require(ReceivedResponse.all(in: await busy.readToEndElsewhere()).first)
        #expect(response.status == 200 && response.fields["connection"] == "close")
        await stopped
        #expect(throws: SystemFault.self) { try server.client() }
    }

    @Test func `begins on all loops at once`() async throws {
        let server = try TestServer(loops: 4)
        let busy = try server.client()
        busy.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.handler.signals.wait(for: "hanging")
        let idle = try (0..<16).map { _ in try server.client() }
        for client in idle {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.read(1).count == 1)
        }
        async let stopped: Void = server.stop()
        for client in idle { #expect(await client.readToEndElsewhere().isEmpty) }
        server.handler.signals.send("cancelled")
        #expect(ReceivedResponse.all(in: await busy.readToEndElsewhere()).count == 1)
        await stopped
    }

    @Test func `cuts off what takes longer than its limit`() async throws {
        let server = try TestServer()
        let busy = try server.client()
        busy.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.handler.signals.wait(for: "hanging")
        await server.server.drain(within: .milliseconds(20))
        #expect(busy.readToEnd().isEmpty)
        await server.handler.signals.wait(for: "cancelled")
        #expect(server.server.statistics.connectionsOpen == 0)
    }
}

struct `Where a server listens` {
    @Test func `can be IPv6`() async throws {
        let server = try TestServer(host: "::1")
        let client = try server.client(host: "::1")
        client.send("GET /six HTTP/1.1\r\nHost: [::1]\r\n\r\n")
        #expect(client.read(1).first?.text == "GET /six\n")
        client.close()
        await server.stop()
    }

    @Test func `can be every address`() async throws {
        let server = try TestServer(host: "::")
        for host in ["127.0.0.1", "::1"] {
            let client = try server.client(host: host)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.read(1).first?.status == 200)
            client.close()
        }
        await server.stop()
    }

    @Test func `can be a unix socket, also one that a dead server left`() async throws {
        let folder = TemporaryDirectory()
        let path = "\(folder.path)/s"
        for round in 0..<2 {
            let server = try TestServer()
            #expect(try server.server.listen(on: .unix(path: path)) == .unix(path: path))
            for _ in 0..<4 {
                let client = try TestClient(path: path)
                client.send("GET /\(round) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(client.read(1).first?.text == "GET /\(round)\n")
                client.close()
            }
            #expect(throws: SystemFault.self) { try server.server.listen(on: .unix(path: path)) }
            await server.stop()
        }
    }

    @Test func `is nobody else's`() async throws {
        let server = try TestServer()
        let other = try TestServer()
        #expect(throws: SystemFault.self) {
            try other.server.listen(on: .host("127.0.0.1", port: server.port))
        }
        await other.stop()
        await server.stop()
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1:8080"), ("[::1]:80", "[::1]:80"), (":80", "[::]:80"),
        ("localhost:0", "localhost:0"), ("unix:/a/b", "unix:/a/b"),
    ])
    func `is read from text and written back`(text: String, written: String) {
        #expect(ListenAddress(text)?.description == written)
    }

    @Test(arguments: ["", "8080", "a", "a:", "a:b", "a:-1", "a:+1", "a:65536", "::1:80", "unix:"])
    func `is not guessed`(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}

struct `A server with enough connections` {
    @Test func `turns further ones away and takes them again later`() async throws {
        var limits = ServerLimits()
        limits.connectionsMax = 2
        let server = try TestServer(limits: limits)
        let held = [try server.client(), try server.client()]
        for client in held {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.read(1).count == 1)
        }
        let refused = try server.client()
        let response = try #require(ReceivedResponse.all(in: refused.readToEnd()).first)
        #expect(response.status == 503 && response.fields["connection"] == "close")
        #expect(server.server.statistics.connectionsRefused == 1)
        for client in held {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(ReceivedResponse.all(in: client.readToEnd()).count == 1)
            client.close()
        }
        await server.stop()
    }

    #if canImport(Glibc)
    @Test func `rests when the process has no descriptors, and goes on`() async throws {
        await #expect(processExitsWith: .success) {
            try await Exhaustion.run()
        }
    }
    #endif
}
