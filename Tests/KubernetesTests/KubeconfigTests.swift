import JSON
import Outbound
import Secrets
import Synchronization
import Testing

@testable import Kubernetes

/// A kubeconfig with these entries.
private func file(
    cluster: String = #"{server: "https://api.example:6443"}"#,
    user: String = "{token: abc}",
    context: String = "{cluster: c, user: u, namespace: team}"
) -> [UInt8] {
    Array(
        """
        apiVersion: v1
        kind: Config
        preferences: {}
        current-context: x
        clusters:
        - name: c
          cluster: \(cluster)
        users:
        - {name: u, user: \(user)}
        contexts:
        - {name: x, context: \(context)}

        """.utf8
    )
}

private func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }

private let certificate = base64("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")

private func pem(key kind: String) -> String {
    base64("-----BEGIN \(kind)-----\nAA==\n-----END \(kind)-----\n")
}

@Suite struct KubeconfigTests {
    private static let upload = KubeconfigOrigin.uploaded(.otherMachines)

    private static func findings(
        _ bytes: [UInt8],
        _ origin: KubeconfigOrigin = upload
    ) -> [String] {
        do throws(KubeconfigFault) {
            _ = try Kubeconfig(parsing: bytes, origin: origin)
            return []
        } catch {
            return error.findings.map(\.pointer.description)
        }
    }

    @Test func `the current context is read, or the one that is named`() throws {
        let config = try Kubeconfig(parsing: file(), origin: Self.upload)
        #expect(config.access.server.description == "https://api.example:6443")
        #expect(config.access.authorization?.revealedText() == "Bearer abc")
        #expect(config.context == "x" && config.namespace == "team" && config.warnings.isEmpty)
        #expect(Self.findings(file(context: "{cluster: c}")) == ["/contexts/0/context/user"])
        #expect(throws: KubeconfigFault.self) {
            try Kubeconfig(parsing: file(), context: "other", origin: Self.upload)
        }
    }

    @Test func `everything that would make us act for a stranger is refused at once`() {
        let bytes = file(
            cluster: """
                {server: "http://169.254.169.254/latest", proxy-url: "http://10.0.0.1:3128",
                    certificate-authority: /etc/passwd}
                """,
            user: """
                {exec: {command: sh}, auth-provider: {name: gcp}, tokenFile: /etc/shadow,
                    client-certificate: /a, client-key: /b}
                """
        )
        #expect(
            Self.findings(bytes) == [
                "/clusters/0/cluster/proxy-url", "/clusters/0/cluster/server",
                "/clusters/0/cluster/server", "/clusters/0/cluster/certificate-authority",
                "/users/0/user/exec", "/users/0/user/auth-provider",
                "/users/0/user/client-certificate", "/users/0/user/client-key",
                "/users/0/user/tokenFile",
            ]
        )
    }

    @Test(arguments: [
        ("https://127.0.0.1:6443", false), ("https://localhost:6443", false),
        ("https://LOCALHOST.:6443", false), ("https://a.localhost", false),
        ("https://[::1]:6443", false), ("https://0.0.0.0", false), ("https://[::]", false),
        ("https://[::ffff:127.0.0.1]", false), ("https://[::ffff:a9fe:a9fe]", false),
        ("https://[64:ff9b::a9fe:a9fe]", false), ("https://[2002:a9fe:a9fe::1]", false),
        ("https://169.254.169.254", false), ("https://metadata.google.internal", false),
        ("https://[fd00:ec2::254]", false), ("https://100.100.100.200", false),
        ("https://168.63.129.16", false), ("https://[fe80::1]", false),
        ("https://224.0.0.1", false),
        ("https://127.1", false), ("https://2130706433", false), ("https://0x7f000001", false),
        ("https://0177.0.0.1", false), ("https://1.2.3.4.", false),
        ("https://u:p@a.example", false),
        ("https://a.example?x=y", false), ("https://a.example#x", false),
        ("ftp://a.example", false),
        ("file:///etc/passwd", false), ("https://", false), ("https://a.example:0", false),
        ("https://a.example:65536", false), ("https://a.example:+1", false),
        ("https://a b.example", false), ("https://a.example/../b", false),
        ("http://a.example", false),
        ("https://[fe80::1%25eth0]", false), ("https://a.example\\@b.example", false),
        ("https://10.0.0.5:6443", true), ("https://api.example", true),
        ("https://[2001:db8::5]:6443", true), ("https://a.example/k8s/clusters/c-1/", true),
        ("HTTPS://A.example:443", true), ("https://c_1.example", true),
    ])
    func `an upload may lead to other machines and nowhere else`(server: String, isTaken: Bool) {
        let found = Self.findings(file(cluster: "{server: \(JSON.string(server))}"))
        #expect(found.isEmpty == isTaken)
    }

    @Test func `this machine is a cluster's place where that is allowed, the link never is`() {
        let local = KubeconfigOrigin.uploaded(.beyondLink)
        #expect(Self.findings(file(cluster: #"{server: "https://127.0.0.1:1"}"#), local).isEmpty)
        #expect(Self.findings(file(cluster: #"{server: "http://[::1]:1"}"#), local).isEmpty)
        let open = file(cluster: #"{server: "http://a.example"}"#)
        #expect(Self.findings(open, local) == ["/clusters/0/cluster/server"])
        let link = file(cluster: #"{server: "https://169.254.169.254"}"#)
        #expect(Self.findings(link, local) == ["/clusters/0/cluster/server"])
    }

    @Test func `this machine's own addresses are for whoever runs it`() throws {
        var others = AddressLimits.otherMachines
        others.machine = .having([try #require(NetworkAddress(parsing: "192.0.2.7"))])
        let bytes = file(cluster: #"{server: "https://[::ffff:192.0.2.7]:6443"}"#)
        #expect(Self.findings(bytes, .uploaded(others)) == ["/clusters/0/cluster/server"])
        var admins = AddressLimits.beyondLoopback
        admins.machine = others.machine
        #expect(Self.findings(bytes, .uploaded(admins)).isEmpty)
    }

    @Test(arguments: ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"])
    func `a certificate comes with its key in any of three forms`(kind: String) throws {
        let config = try Kubeconfig(
            parsing: file(
                cluster: """
                    {server: "https://a.example/p", certificate-authority-data: \(certificate),
                        tls-server-name: kube.internal}
                    """,
                user:
                    "{client-certificate-data: \(certificate), client-key-data: \(pem(key: kind))}"
            ),
            origin: Self.upload
        )
        let trust = config.access.trust
        #expect(trust.authorities != nil && trust.certificate != nil && trust.key != nil)
        #expect(trust.serverName == "kube.internal" && config.access.server.prefix == "/p")
        let again = try Kubeconfig(parsing: config.text().revealed(), origin: Self.upload)
        #expect(again.access.trust == trust && again.access.server == config.access.server)
        #expect(again.namespace == "team" && again.context == "x")
    }

    @Test func `what is no certificate, key or token is said where it stands`() {
        #expect(Self.findings(file(user: "{}")) == ["/users/0/user"])
        #expect(Self.findings(file(user: #"{token: "a b"}"#)) == ["/users/0/user/token"])
        #expect(
            Self.findings(file(user: "{client-certificate-data: \(certificate)}"))
                == ["/users/0/user/client-key-data"]
        )
        #expect(
            Self.findings(
                file(user: "{client-certificate-data: '!', client-key-data: \(base64("x"))}")
            ) == ["/users/0/user/client-certificate-data", "/users/0/user/client-key-data"]
        )
        let locked = pem(key: "ENCRYPTED PRIVATE KEY")
        #expect(
            Self.findings(
                file(user: "{client-certificate-data: \(certificate), client-key-data: \(locked)}")
            )
                == ["/users/0/user/client-key-data"]
        )
        let text = "{server: 'https://a.example', certificate-authority-data: \(base64("x"))}"
        #expect(
            Self.findings(file(cluster: text))
                == ["/clusters/0/cluster/certificate-authority-data"]
        )
    }

    @Test func `a server that is not checked is taken with a warning`() throws {
        let text = "{server: 'https://a.example', insecure-skip-tls-verify: true}"
        let config = try Kubeconfig(parsing: file(cluster: text), origin: Self.upload)
        #expect(config.access.trust.isUnchecked)
        #expect(
            config.warnings.map(\.pointer.description)
                == ["/clusters/0/cluster/insecure-skip-tls-verify"]
        )
    }

    @Test func `files are read for whoever runs Slipway`() throws {
        struct Missing: Error {}
        let origin = KubeconfigOrigin.trusted { path in
            switch path {
            case "token": Array(" secret\n".utf8)
            case "ca.crt": Base64.decode(certificate) ?? []
            default: throw Missing()
            }
        }
        let cluster = "{server: 'http://127.0.0.1:8080', certificate-authority: ca.crt}"
        let bytes = file(cluster: cluster, user: "{tokenFile: token, token: other}")
        let config = try Kubeconfig(parsing: bytes, origin: origin)
        #expect(config.access.authorization?.revealedText() == "Bearer secret")
        #expect(config.access.trust.authorities != nil)
        let missing = file(user: "{tokenFile: none}")
        #expect(Self.findings(missing, origin) == ["/users/0/user/tokenFile"])
    }

    @Test func `names and passwords, and for whom one acts, come back as they were`() throws {
        let user = """
            {username: ada, password: 'p:w', as: bob, as-groups: [x, w],
                as-user-extra: {"a/b": [c]}}
            """
        let config = try Kubeconfig(parsing: file(user: user), origin: Self.upload)
        #expect(config.access.authorization?.revealedText() == "Basic \(base64("ada:p:w"))")
        #expect(
            config.access.impersonation.headers == [
                OutboundHeader("Impersonate-User", "bob"), OutboundHeader("Impersonate-Group", "x"),
                OutboundHeader("Impersonate-Group", "w"),
                OutboundHeader("Impersonate-Extra-a%2Fb", "c"),
            ]
        )
        let again = try Kubeconfig(parsing: config.text().revealed(), origin: Self.upload)
        #expect(again.access.impersonation == config.access.impersonation)
        #expect(
            again.access.authorization?.revealed() == config.access.authorization?.revealed()
        )
    }

    @Test(arguments: ["", "a", "[]", "a: [", "kind: Secret", "a: b\n---\nc: d", "clusters: 3"])
    func `what is no kubeconfig is said to be none`(text: String) {
        #expect(!Self.findings(Array(text.utf8)).isEmpty)
    }

    @Test func `nothing secret is in any description`() throws {
        let user = """
            {token: hunter2, client-certificate-data: \(certificate),
                client-key-data: \(base64("-----BEGIN PRIVATE KEY-----\nhunter2\n"))}
            """
        let config = try Kubeconfig(parsing: file(user: user), origin: Self.upload)
        var words = "\(config) \(config.access) \(String(reflecting: config))"
        dump(config, to: &words)
        dump(config.access, to: &words)
        #expect(!words.contains("hunter2") && !words.contains("104, 117, 110"))
        let fault = #expect(throws: KubeconfigFault.self) {
            try Kubeconfig(parsing: Array("token: hunter2\n\t: [".utf8), origin: Self.upload)
        }
        #expect(fault.map { "\($0)".contains("hunter2") } == false)
    }

    @Test func `the pod's own account is read again and again`() async throws {
        let count = Counter()
        let environment = [
            "KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443",
        ]
        let inside = try InCluster(environment: { environment[$0] }) { path in
            switch path.split(separator: "/").last {
            case "token": Array("t\(count.next())\n".utf8)
            case "ca.crt": Base64.decode(certificate) ?? []
            default: Array("slipway\n".utf8)
            }
        }
        #expect(await inside.namespace() == "slipway")
        let clock = QuickClock()
        let credentials = inside.credentials(clock: clock)
        func token() async throws -> String? {
            try await credentials.access().access.authorization?.revealedText()
        }
        #expect(try await token() == "Bearer t1")
        #expect(try await credentials.access().access.server.description == "https://[fd00::1]:443")
        clock.pass(.seconds(30))
        #expect(try await token() == "Bearer t1")
        clock.pass(.seconds(31))
        #expect(try await token() == "Bearer t2")
        let number = try await credentials.access().number
        credentials.refused(number)
        credentials.refused(number)
        #expect(try await token() == "Bearer t3")
        credentials.refused(number)
        #expect(try await token() == "Bearer t3")
        #expect(throws: KubernetesFault.self) {
            try InCluster(environment: { _ in nil }) { _ in [] }
        }
    }
}

/// Counts from 1.
private final class Counter: Sendable {
    private let last = Mutex(0)

    func next() -> Int {
        last.withLock { last in
            last += 1
            return last
        }
    }
}
