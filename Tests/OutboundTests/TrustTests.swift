import Glibc
import HTTP
import Outbound
import TestSupport
import Testing

/// Certificates made by OpenSSL's command: an authority, a server's and a client's.
private final class Papers: Sendable {
    let shell = Shell()

    init() throws {
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        let isMade =
            shell.run("openssl req -x509 \(key) -days 2 -subj /CN=ca -keyout ca.key -out ca.pem")
            && ["server", "client"].allSatisfy { name in
                shell.run(
                    """
                    openssl req \(key) -subj /CN=\(name) -keyout \(name).key -out \(name).csr &&
                    printf 'subjectAltName=DNS:\(name).internal' > \(name).ext &&
                    openssl x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial \
                        -days 2 -extfile \(name).ext -out \(name).pem
                    """
                )
            }
        try #require(isMade)
    }

    func context() throws -> TLSContext {
        try TLSContext(
            certificatePath: "\(shell.path)/server.pem",
            keyPath: "\(shell.path)/server.key"
        )
    }

    func bytes(_ name: String) -> [UInt8] { Array(shell.output(of: "cat \(name)").utf8) + [0x0A] }

    /// Believes the authority and knows the server's name.
    var trust: OutboundTrust {
        var trust = OutboundTrust()
        trust.authorities = bytes("ca.pem")
        trust.serverName = "server.internal"
        return trust
    }
}

@Suite(.timeLimit(.minutes(2))) struct TrustTests {
    @Test func `a server is believed by its authority and its name, and by nothing less`()
        async throws
    {
        let papers = try Papers()
        try await Peer.run(tls: try papers.context()) { peer in
            var request = OutboundRequest("GET", "\(peer.base)/a?b=c")
            func isUntrusted(_ fault: OutboundFault) -> Bool {
                if case .untrusted = fault { true } else { false }
            }
            await expectFault(peer, request, isUntrusted)
            request.trust.authorities = papers.bytes("ca.pem")
            await expectFault(peer, request, isUntrusted)
            request.trust = papers.trust
            let answer = try await peer.client.send(request)
            #expect(answer.body == Array("GET /a?b=c none\n".utf8))
            request.trust.serverName = "other.internal"
            await expectFault(peer, request, isUntrusted)
            request.trust = OutboundTrust()
            request.trust.isUnchecked = true
            #expect(try await peer.client.send(request).head.status == 404)
        }
    }

    @Test func `HTTP/2 is spoken where the server does, with a certificate of our own`()
        async throws
    {
        let papers = try Papers()
        let server = try HTTP2Server(in: papers.shell)
        defer { server.stop() }
        try await Peer.run { peer in
            var request = OutboundRequest("GET", "https://127.0.0.1:\(server.port)/page")
            request.trust = papers.trust
            await expectFault(peer, request) { fault in
                if case .brokenOff = fault {
                    true
                } else if case .untrusted = fault {
                    true
                } else {
                    false
                }
            }
            request.trust.certificate = papers.bytes("client.pem")
            request.trust.key = papers.bytes("client.key")
            let plain = request
            try await withThrowingTaskGroup(of: OutboundResponse.self) { group in
                for _ in 0..<100 { group.addTask { try await peer.client.send(plain) } }
                for try await answer in group {
                    #expect(answer.head.version == "HTTP/2")
                    #expect(answer.body == Array("hello\n".utf8))
                }
            }
        }
    }
}

/// nghttpd with the papers of a folder; wants a client's certificate.
private final class HTTP2Server: Sendable {
    let port: UInt16
    private let shell: Shell

    init(in shell: Shell) throws {
        self.shell = shell
        try #require(shell.run("mkdir -p htdocs && echo hello > htdocs/page"))
        // Port 0 is none that nghttpd would tell of: a free one is looked for and taken at once.
        let line = """
            for port in $(shuf -i 20000-60000 -n 20); do
                nghttpd --verify-client --address=127.0.0.1 -d htdocs \
                    "$port" server.key server.pem & pid=$!
                for wait in $(seq 100); do
                    kill -0 $pid || break
                    (exec 3<>/dev/tcp/127.0.0.1/$port) && echo $port > port && echo $pid > pid \
                        && exit 0
                    sleep 0.1
                done
            done
            exit 1
            """
        try #require(shell.run("printf '%s' '\(line)' > start"))
        try #require(shell.run("bash start </dev/null"))
        port = try #require(UInt16(shell.output(of: "cat port")))
    }

    func stop() {
        shell.run("kill $(cat pid)")
    }
}
