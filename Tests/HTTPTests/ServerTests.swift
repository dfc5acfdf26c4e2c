import HTTP
import Synchronization
import Testing

struct `A server on a socket` {
    @Test func `a connection answers one request after the other`() async throws {
        let server = try TestServer()
        let client = try server.client()
        for number in 0..<3 {
            client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try #require(client.read(1).first)
            #expect(response.status == 200)
            #expect(response.text == "GET /\(number)\n")
            #expect(response.fields["connection"] == nil)
            #expect(response.fields["date"]?.hasSuffix(" GMT") == true)
        }
        client.close()
        await server.stop()
    }

    @Test func `pipelined requests are answered in order`() async throws {
        let server = try TestServer()
        let client = try server.client()
        var burst = ""
        for number in 0..<200 {
            burst += "POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        }
        client.send(burst)
        let responses = client.read(200)
        #expect(responses.map(\.text) == (0..<200).map { "POST /\($0)\nabc" })
        client.close()
        await server.stop()
    }

    @Test(arguments: ["/", "/pipe"])
    func `bodies come in chunks and with a length`(path: String) async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send(
            "POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"
                + "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfghij"
        )
        let responses = client.read(2)
        #expect(responses.count == 2)
        #expect(responses.first?.text.hasSuffix("abcde") == true)
        #expect(responses.last?.text.hasSuffix("fghij") == true)
        client.close()
        await server.stop()
    }

    @Test func `a large body flows through both ways without being held`() async throws {
        let server = try TestServer()
        let client = try server.client()
        let size = 8 * 1024 * 1024
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 11) }
        client.send(
            "POST /pipe HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(size)\r\n\r\n"
        )
        let received = ReceivedResponse.all(in: client.read(while: body, atLeast: size))
        #expect(received.first.map { $0.body == body } == true)
        client.close()
        await server.stop()
    }

    @Test func `a stream without a length goes out in chunks, to HTTP/1.0 until the end`()
        async throws
    {
        let server = try TestServer()
        let client = try server.client()
        client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        let chunked = try #require(client.read(1).first)
        #expect(chunked.text == "part 0\npart 1\npart 2\n")
        #expect(chunked.fields["transfer-encoding"] == "chunked")
        client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let old = try #require(ReceivedResponse.all(in: client.readToEnd()).first)
        #expect(old.text == "part 0\npart 1\npart 2\n")
        #expect(old.fields["transfer-encoding"] == nil && old.fields["connection"] == "close")
        await server.stop()
    }

    @Test func `HEAD tells the length and leaves the body out`() async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        let responses = client.read(2, methods: ["HEAD", "GET"])
        #expect(responses.first?.fields["content-length"] == "8")
        #expect(responses.last?.text == "GET /x\n")
        client.close()
        await server.stop()
    }

    @Test func `a status without a body has no length`() async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
        let responses = client.read(2)
        #expect(responses.first?.status == 204 && responses.first?.fields["content-length"] == nil)
        #expect(responses.last?.text == "OPTIONS *\n")
        client.close()
        await server.stop()
    }

    @Test func `100 Continue is sent when the body is asked for`() async throws {
        let server = try TestServer()
        let client = try server.client()
        let head = "Host: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
        client.send("POST / HTTP/1.1\r\n\(head)")
        let interim = client.readSome().map { String(decoding: $0, as: UTF8.self) }
        #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
        client.send("hello")
        #expect(client.read(1).first?.text == "POST /\nhello")
        client.close()
        await server.stop()
    }

    @Test func `a streamed answer begins with its first byte, after 100 Continue`() async throws {
        let server = try TestServer()
        let client = try server.client()
        let head = "Host: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
        client.send("POST /pipe HTTP/1.1\r\n\(head)")
        let interim = client.readSome().map { String(decoding: $0, as: UTF8.self) }
        #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
        client.send("hello")
        let response = client.read(1).first
        #expect(response?.status == 200)
        #expect(response?.text == "hello")
        client.close()
        await server.stop()
    }

    @Test(arguments: [
        ("POST /small", "Expect: 100-continue\r\nContent-Length: 500", 413),
        ("POST /ignore", "Expect: 100-continue\r\nContent-Length: 5", 200),
        ("POST /", "Expect: 200-ok\r\nContent-Length: 5", 417),
        ("GET /", "Expect: something", 417),
    ])
    func `nothing invites a body that nobody reads`(
        line: String,
        fields: String,
        status: Int
    ) async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send("\(line) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n")
        let bytes = client.readToEnd()
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("100 Continue"))
        let response = try #require(ReceivedResponse.all(in: bytes).first)
        #expect(response.status == status && response.fields["connection"] == "close")
        await server.stop()
    }

    @Test func `a short body that the handler ignores does not end the connection`()
        async throws
    {
        let server = try TestServer()
        let client = try server.client()
        client.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        client.send("lloGET /next HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.read(2).map(\.text) == ["ignored", "GET /next\n"])
        client.close()
        await server.stop()
    }

    @Test func `a long body that the handler ignores ends the connection`() async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nhello")
        let responses = ReceivedResponse.all(in: client.readToEnd())
        #expect(responses.first?.fields["connection"] == "close")
        await server.stop()
    }

    @Test func `no field of a handler can begin a line or frame the body`() async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send("GET /headers HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = try #require(client.read(1).first)
        #expect(response.fields["set-cookie"] == nil && response.fields["x-split"] == nil)
        #expect(response.fields["content-length"] == "0")
        #expect(response.fields["transfer-encoding"] == nil)
        #expect(response.fields["x-good"] == "tab\tand café" && response.fields["etag"] == "\"1\"")
        client.close()
        await server.stop()
    }

    @Test(arguments: ["/short", "/broken"])
    func `an answer that is not whole is cut off`(path: String) async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(ReceivedResponse.all(in: client.readToEnd()).isEmpty)
        await server.handler.signals.wait(for: "ended GET \(path)")
        let ends = server.handler.exchanges.withLock { $0 }
        #expect(ends == ["GET \(path) 200 5 cutOff"])
        await server.stop()
    }

    @Test func `every end of an exchange is told once`() async throws {
        let server = try TestServer()
        let client = try server.client()
        client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\n\r\n")
        let responses = ReceivedResponse.all(in: client.readToEnd())
        #expect(responses.map(\.status) == [200, 400])
        #expect(responses.last?.fields["content-type"] == "application/problem+json")
        let ends = server.handler.exchanges.withLock { $0 }
        #expect(ends.count == 2 && ends.first == "GET /a 200 7 sent")
        let statistics = server.server.statistics
        #expect(statistics.requests == 1 && statistics.requestsRefused == 1)
        await server.stop()
        #expect(server.server.statistics.connectionsOpen == 0)
    }
}
