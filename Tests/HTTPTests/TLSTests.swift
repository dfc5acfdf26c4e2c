import COpenSSL
import HTTP
import Testing

struct `A server with a certificate` {
    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `answers over TLS 1.2 and 1.3`(version: Int32) async throws {
        let server = try TestServer(tls: try Certificate().context())
        let client = try TLSClient(port: server.port, version: version)
        #expect(client.connect() && client.version == version)
        var burst = ""
        for number in 0..<50 {
            burst += "POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        }
        client.send(Array(burst.utf8))
        #expect(client.read(50).map(\.text) == (0..<50).map { "POST /\($0)\nabc" })
        client.close()
        await server.stop()
    }

    @Test(arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func `refuses what is older`(version: Int32) async throws {
        let server = try TestServer(tls: try Certificate().context())
        let client = try TLSClient(port: server.port, version: version)
        #expect(!client.connect())
        client.close()
        await server.stop()
        #expect(server.server.statistics.connectionsOpen == 0)
    }

    @Test func `moves bodies larger than any buffer`() async throws {
        let server = try TestServer(tls: try Certificate().context())
        let client = try TLSClient(port: server.port)
        #expect(client.connect())
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        client.send(Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n".utf8))
        client.send(body)
        let response = try #require(client.read(1).first)
        #expect(response.body.suffix(1_000_000) == body[...])
        client.close()
        await server.stop()
    }

    @Test func `takes a new one without dropping connections`() async throws {
        let certificate = try Certificate()
        let context = try certificate.context()
        let server = try TestServer(tls: context)
        let old = try TLSClient(port: server.port)
        #expect(old.connect() && old.serverName == "/CN=localhost")
        try certificate.replace(name: "fresh")
        try context.reload()
        let fresh = try TLSClient(port: server.port)
        #expect(fresh.connect() && fresh.serverName == "/CN=fresh")
        for client in [old, fresh] {
            client.send(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            #expect(client.read(1).first?.status == 200)
            client.close()
        }
        await server.stop()
    }

    @Test func `keeps the old one when the new one is broken`() async throws {
        let certificate = try Certificate()
        let context = try certificate.context()
        let other = try Certificate()
        #expect(throws: TLSFault.self) {
            try TLSContext(certificatePath: certificate.certificatePath, keyPath: other.keyPath)
        }
        #expect(throws: TLSFault.self) {
            try TLSContext(certificatePath: "/nowhere", keyPath: certificate.keyPath)
        }
        let server = try TestServer(tls: context)
        let client = try TLSClient(port: server.port)
        #expect(client.connect())
        client.close()
        await server.stop()
    }

    @Test func `says that a file is missing`() {
        do {
            _ = try TLSContext(certificatePath: "/absent/cert.pem", keyPath: "/absent/key.pem")
            Issue.record("a certificate out of nothing")
        } catch {
            #expect(error.description.contains("No such file or directory"))
        }
    }

    @Test func `is not upset by what is no TLS`() async throws {
        let server = try TestServer(tls: try Certificate().context())
        for text in ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "", "\u{16}\u{3}\u{1}", "\0\0\0\0\0\0"] {
            let client = try server.client()
            client.send(text)
            client.shutSending()
            #expect(ReceivedResponse.all(in: client.readToEnd()).isEmpty)
        }
        await server.stop()
        #expect(server.server.statistics.connectionsOpen == 0)
    }

    @Test(.enabled(if: PublicCorpus.isPresent, "no ../shared/data/http_requests.json"))
    func `answers the public requests as without it`() async throws {
        let server = try TestServer(tls: try Certificate().context())
        for example in PublicCorpus.cases {
            let client = try TLSClient(port: server.port)
            #expect(client.connect())
            client.send(example.bytes)
            client.shutSending()
            let methods = (example.messages ?? []).map(\.method)
            let responses = ReceivedResponse.all(in: client.readToEnd(), methods: methods)
            LiveVerdict.check(responses.map(\.status), example)
            client.close()
        }
        await server.stop()
        #expect(server.server.statistics.connectionsOpen == 0)
    }
}
