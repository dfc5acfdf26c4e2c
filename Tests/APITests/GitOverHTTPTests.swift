import Domain
import Git
import GitOps
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Stock `git` against a server of our own.
    @Suite struct GitOverHTTPTests {
        private let shell = Shell()

        /// Runs `body` with a repository of acme and a server; the port is the server's.
        private func serving(
            _ body: (Platform, UInt16) async throws -> Void
        ) async throws {
            try await Platform.run { platform in
                let path = platform.layout.platform(of: try TenantName(parsing: "acme"))
                let made = shell.run(
                    """
                    git init -q -b main start && cd start && echo hello >README.md \
                    && git add . && git commit -q -m Start && mkdir -p "$(dirname '\(path)')" \
                    && git clone -q --bare . '\(path)'
                    """
                )
                try #require(made)
                let acme = try await platform.storage.tenants.find(
                    try TenantName(parsing: "acme"),
                    as: .system
                )
                let mark = "\(RepositoryOwner.key) \(try #require(acme).id)"
                try #require(shell.run("git -C '\(path)' config \(mark)"))
                let server = Server(group: platform.group, handler: platform.handler)
                guard case .host(_, let port) = try server.listen(on: .host("127.0.0.1", port: 0))
                else { return }
                try await body(platform, port)
                await server.drain(within: .seconds(5))
            }
        }

        private func url(_ platform: Platform, _ port: UInt16, _ role: Role) -> String {
            let token = platform.tokens[.init(role: role, tenant: "acme")] ?? ""
            return "http://git:\(token)@127.0.0.1:\(port)/git/acme/platform.git"
        }

        @Test func `a developer clones, pushes and fetches what was pushed`() async throws {
            try await serving { platform, port in
                let url = url(platform, port, .developer)
                #expect(shell.run("git clone -q '\(url)' one && git clone -q '\(url)' two"))
                let push = "cd one && echo more >>README.md && git commit -qam More && git push -q"
                #expect(shell.run(push))
                #expect(shell.run("cd two && git pull -q"))
                #expect(shell.output(of: "cat two/README.md") == "hello\nmore")
            }
        }

        @Test func `what was made for another tenant is not served`() async throws {
            try await serving { platform, _ in
                let path = platform.layout.platform(of: try TenantName(parsing: "acme"))
                let refs = "/git/acme/platform.git/info/refs?service=git-upload-pack"
                #expect(try await platform.send(.get, refs).status == 200)
                #expect(shell.run("git -C '\(path)' config \(RepositoryOwner.key) other"))
                #expect(try await platform.send(.get, refs).status == 404)
                #expect(shell.run("git -C '\(path)' config --unset \(RepositoryOwner.key)"))
                #expect(try await platform.send(.get, refs).status == 404)
            }
        }

        @Test func `the mirror of a blueprint that is gone is not served`() async throws {
            try await serving { platform, _ in
                for (name, status) in [("platform", 200), ("gone", 404)] {
                    let path = platform.layout.mirror(of: try BlueprintName(parsing: name))
                    try #require(shell.run("git init -q --bare '\(path)'"))
                    let refs = "/git/_blueprints/\(name).git/info/refs?service=git-upload-pack"
                    #expect(try await platform.send(.get, refs).status == status)
                }
            }
        }

        @Test func `a protected branch is moved by admins alone, and git says so`() async throws {
            try await serving { platform, port in
                let changed = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    as: .init(role: .tenantAdmin, tenant: "acme"),
                    json: #"{"spec":{"repository":{"protected":true}}}"#
                )
                #expect(changed.json["spec"]?["repository"] == ["protected": true])
                let commit = "echo more >>README.md && git commit -qam More"
                for role in [Role.developer, .ci] {
                    let url = url(platform, port, role)
                    #expect(shell.run("git clone -q '\(url)' \(role) && cd \(role) && \(commit)"))
                    #expect(!shell.run("cd \(role) && git push 2>refusal"))
                    #expect(
                        shell.output(of: "cat \(role)/refusal")
                            .contains("remote: The default branch is protected")
                    )
                    #expect(shell.run("cd \(role) && git push -q origin HEAD:\(role)"))
                }
                let url = url(platform, port, .tenantAdmin)
                #expect(
                    shell.run("git clone -q '\(url)' one && cd one && \(commit) && git push -q")
                )
            }
        }

        @Test func `what killed pushes left is in no push's way`() async throws {
            try await serving { platform, port in
                let path = platform.layout.platform(of: try TenantName(parsing: "acme"))
                let url = url(platform, port, .developer)
                #expect(shell.run("git clone -q '\(url)' one"))
                #expect(
                    shell.run(
                        """
                        cd '\(path)' && touch refs/heads/main.lock HEAD.lock packed-refs.lock && \
                        mkdir objects/tmp_objdir-incoming-new objects/tmp_objdir-incoming-old && \
                        touch -d '2 hours ago' objects/tmp_objdir-incoming-old
                        """
                    )
                )
                let push = "cd one && echo more >>README.md && git commit -qam More && git push -q"
                #expect(shell.run(push))
                let left = "cd '\(path)' && find . -name '*.lock' -o -name 'tmp_*'"
                #expect(shell.output(of: left) == "./slipway.lock")
            }
        }

        @Test func `a compressed push is told like any other`() async throws {
            try await serving { platform, port in
                let url = url(platform, port, .developer)
                let push = """
                    git clone -q '\(url)' one && cd one && echo more >>README.md && \
                    git commit -qam More && new=$(git rev-parse HEAD) && \
                    { printf '0077%040d %s refs/heads/zipped\\000 report-status\\n' 0 $new && \
                    printf 0000 && echo $new | git pack-objects -q --stdout --revs; } | \
                    gzip >../body && curl -sf -o ../report --data-binary @../body \
                    -H 'Content-Type: application/x-git-receive-pack-request' \
                    -H 'Content-Encoding: gzip' '\(url)/git-receive-pack' && \
                    grep -q 'ok refs/heads/zipped' ../report
                    """
                #expect(shell.run(push), "\(shell.output(of: "cat log"))")
                try await platform.placeEvents()
                let log = try await platform.send(.get, "/v1/events?tenant=acme&limit=500")
                let pushes = (log.json["items"]?.array ?? []).filter {
                    $0["type"]?.string == "dev.slipway.repository.pushed"
                }
                #expect(pushes.map { $0["data"]?["branch"]?.string } == ["zipped"])
            }
        }

        @Test func `a push is audited and told for the tenant, whoever pushes`() async throws {
            try await serving { platform, port in
                let token = platform.tokens[.admin] ?? ""
                let url = "http://git:\(token)@127.0.0.1:\(port)/git/acme/platform.git"
                #expect(shell.run("git clone -q '\(url)' one"))
                let push = "cd one && echo more >>README.md && git commit -qam More && git push -q"
                #expect(shell.run(push))
                let list = "/v1/audit?tenant=acme&operation=receiveGitPack"
                let reply = try await platform.send(.get, list)
                #expect(reply.json["items"]?.array?.count == 1, "\(reply.text)")
                try await platform.placeEvents()
                let log = try await platform.send(.get, "/v1/events?tenant=acme&limit=500")
                let pushes = (log.json["items"]?.array ?? []).filter {
                    $0["type"]?.string == "dev.slipway.repository.pushed"
                }
                #expect(pushes.count == 1)
                let data = pushes.first?["data"]
                #expect(data?["branch"]?.string == "main")
                #expect(data?["before"]?.string == shell.output(of: "git -C one rev-parse HEAD~1"))
                #expect(data?["after"]?.string == shell.output(of: "git -C one rev-parse HEAD"))
            }
        }

        @Test func `the commands of a push are heard in any pieces`() {
            let old = String(repeating: "1", count: 40)
            let new = String(repeating: "2", count: 40)
            let none = String(repeating: "0", count: 40)
            let lines = [
                "\(old) \(new) refs/heads/main\0 report-status", "\(none) \(new) refs/heads/a b\n",
            ]
            let packets = lines.map { line in
                let digits = String(line.utf8.count + 4, radix: 16)
                return String(repeating: "0", count: 4 - digits.count) + digits + line
            }
            let bytes = Array((packets.joined() + "0000PACK").utf8)
            for size in [1, 3, 50, bytes.count] {
                var heard = PushCommands()
                for start in stride(from: 0, to: bytes.count, by: size) {
                    heard.received(Array(bytes[start..<min(start + size, bytes.count)]))
                }
                #expect(heard.commands.map(\.reference) == ["refs/heads/main", "refs/heads/a b"])
                #expect(heard.commands.map(\.before) == [old, nil])
                #expect(heard.commands.map(\.after) == [new, new])
            }
        }

        @Test func `a viewer clones and does not push`() async throws {
            try await serving { platform, port in
                let url = url(platform, port, .viewer)
                #expect(shell.run("git clone -q '\(url)' one"))
                let push = "cd one && echo more >>README.md && git commit -qam More && git push -q"
                #expect(!shell.run(push))
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let refs = "/git/acme/platform.git/info/refs?service=git-receive-pack"
                let reply = try await platform.send(.get, refs, as: viewer)
                #expect(reply.status == 404)
            }
        }

        @Test func `what is another tenant's or not there is not found`() async throws {
            try await serving { platform, _ in
                let stranger = Platform.Holder(role: .tenantAdmin, tenant: "globex")
                let refs = "/info/refs?service=git-upload-pack"
                let seen = "/git/acme/platform.git"
                #expect(try await platform.send(.get, seen + refs).status == 200)
                #expect(try await platform.send(.get, seen + refs, as: stranger).status == 404)
                let absent = [
                    "/git/globex/platform.git", "/git/acme/other.git", "/git/nobody/platform.git",
                    "/git/_blueprints/platform.git", "/git/_platform/management.git",
                ]
                for path in absent {
                    let reply = try await platform.send(.get, path + refs)
                    #expect(reply.status == 404, "\(path)")
                    #expect(reply.code == "not-found", "\(path)")
                    for service in ["git-upload-pack", "git-receive-pack"] {
                        let type = "application/x-\(service)-request"
                        let body = try await platform.send(
                            .post,
                            "\(path)/\(service)",
                            json: "0000",
                            [(.contentType, type)]
                        )
                        #expect(body.status == 404, "\(path) \(service)")
                    }
                }
            }
        }

        @Test func `whoever shows no token is asked for one`() async throws {
            try await serving { platform, port in
                let url = "http://127.0.0.1:\(port)/git/acme/platform.git"
                #expect(!shell.run("git clone -q '\(url)' one"))
                let refs = "/git/acme/platform.git/info/refs?service=git-upload-pack"
                let reply = try await platform.send(.get, refs, as: nil)
                #expect(reply.status == 401)
                #expect(reply.headers[.wwwAuthenticate] == "Basic realm=\"slipway\"")
            }
        }
    }
}
