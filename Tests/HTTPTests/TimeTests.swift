import HTTP
import Synchronization
import Testing

/// Deadlines are shortened until they pass at once; nothing here measures how long they took.
struct `A server's patience` {
    private func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
        var limits = ServerLimits()
        limits.sweepInterval = .milliseconds(10)
        change(&limits)
        return limits
    }

    @Test func `ends for a head that does not come`() async throws {
        let server = try TestServer(limits: limits { $0.headerTimeout = .milliseconds(30) })
        let client = try server.client()
        client.send("GET / HTTP/1.1\r\nHost:")
        let response = try #require(ReceivedResponse.all(in: client.readToEnd()).first)
        #expect(response.status == 408 && response.fields["connection"] == "close")
        await server.stop()
    }

    @Test func `ends without a word for a connection that asks nothing`() async throws {
        let server = try TestServer(limits: limits { $0.idleTimeout = .milliseconds(30) })
        let fresh = try server.client()
        #expect(fresh.readToEnd().isEmpty)
        let used = try server.client()
        used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let responses = ReceivedResponse.all(in: used.readToEnd())
        #expect(responses.map(\.status) == [200])
        await server.stop()
    }

    @Test func `ends for a body that stands still`() async throws {
        let server = try TestServer(limits: limits { $0.transferTimeout = .milliseconds(30) })
        let client = try server.client()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhell")
        let response = try #require(ReceivedResponse.all(in: client.readToEnd()).first)
        #expect(response.status == 408 && response.fields["connection"] == "close")
        await server.stop()
    }

    @Test func `ends for a client that does not read`() async throws {
        let server = try TestServer(limits: limits { $0.transferTimeout = .milliseconds(50) })
        let client = try server.client()
        client.holdLittle()
        client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.handler.signals.wait(for: "stream disconnected")
        client.close()
        await server.stop()
    }

    @Test func `ends for a handshake that does not come`() async throws {
        let certificate = try Certificate()
        let server = try TestServer(
            limits: limits { $0.headerTimeout = .milliseconds(30) },
            tls: certificate.context()
        )
        let client = try server.client()
        client.send([22, 3, 1])
        #expect(client.readToEnd().isEmpty)
        await server.stop()
    }

    @Test func `is not used up by a handler that takes its time`() async throws {
        let server = try TestServer(
            limits: limits {
                $0.headerTimeout = .milliseconds(20)
                $0.idleTimeout = .milliseconds(20)
                $0.transferTimeout = .milliseconds(20)
            }
        )
        let client = try server.client()
        client.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.handler.signals.wait(for: "hanging")
        for _ in 0..<50 { _ = try server.client().readToEnd() }
        server.handler.signals.send("cancelled")
        #expect(client.read(1).first?.status == 200)
        client.close()
        await server.stop()
    }
}

struct `A client that goes away` {
    @Test func `ends the handler that works for it`() async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.handler.signals.wait(for: "hanging")
        client.reset()
        await server.handler.signals.wait(for: "cancelled")
        await server.handler.signals.wait(for: "ended GET /hang")
        #expect(server.handler.exchanges.withLock { $0 } == ["GET /hang 200 0 cutOff"])
        await server.stop()
    }

    @Test func `is noticed when it only closes`() async throws {
        var limits = ServerLimits()
        limits.sweepInterval = .milliseconds(10)
        limits.halfCloseTimeout = .milliseconds(20)
        let server = try TestServer(limits: limits)
        let client = try server.client()
        client.send("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
        await server.handler.signals.wait(for: "hanging")
        client.close()
        await server.handler.signals.wait(for: "cancelled")
        await server.stop()
    }

    @Test func `ends the stream that it read`() async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.readSome() != nil)
        client.reset()
        await server.handler.signals.wait(for: "stream disconnected")
        await server.stop()
        #expect(server.server.statistics.connectionsOpen == 0)
    }

    @Test func `in the middle of a body leaves nothing behind`() async throws {
        let server = try TestServer()
        for text in [
            "", "G", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        ] {
            let closing = try server.client()
            closing.send(text)
            closing.close()
            let resetting = try server.client()
            resetting.send(text)
            resetting.reset()
        }
        await server.stop()
        #expect(server.server.statistics.connectionsOpen == 0)
    }
}
