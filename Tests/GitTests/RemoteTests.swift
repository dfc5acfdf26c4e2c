import Glibc
import TestSupport
import Testing

@testable import Git

/// Pushes and fetches between a copy here and a repository elsewhere, over SSH with a real sshd.
@Suite(.serialized, .enabled(if: access("/usr/sbin/sshd", X_OK) == 0), .timeLimit(.minutes(2)))
struct RemoteTests {
    private let bench: Workbench
    private let server: PlayedSSH
    private let copy: String

    init() throws {
        bench = try Workbench()
        server = try PlayedSSH(bench)
        copy = bench.path("copy.git")
        bench.shell("git init -q --bare -b main remote.git")
    }

    private func remote(knownHosts: String? = nil, key: String? = nil) -> GitRemote {
        GitRemote(
            url: "ssh://\(server.user)@127.0.0.1:\(server.port)\(bench.path("remote.git"))",
            credential: .key(
                key ?? bench.text(of: bench.path("key")),
                knownHosts: knownHosts ?? server.knownHosts
            )
        )
    }

    private func commit(_ text: String) throws -> ObjectID {
        try Repository(opening: copy).commit(onto: "main", text: .sample(text)) {
            _,
            _ throws(GitFault) in
            [.put(try .text("file", text))]
        }.commit
    }

    private var tip: String { bench.output(of: "git -C remote.git rev-parse main") }

    @Test func `a commit is pushed with a key that lies in no file, and never by force`()
        async throws
    {
        let remote = remote()
        #expect(
            try await bench.service.fetch("main", from: remote, into: copy, of: "one") == nil
        )
        let first = try commit("one")
        for _ in 0..<2 {
            try await bench.service.push(first, to: "main", of: remote, from: copy)
            #expect(tip == first.hex)
        }
        bench.shell(
            """
            git clone -q remote.git person && cd person && git config user.name A && \
            git config user.email a@b && git commit -q --allow-empty -m theirs && git push -q
            """
        )
        let theirs = tip
        let second = try commit("two")
        await #expect(throws: GitFault.moved(reference: "refs/heads/main", found: nil)) {
            try await bench.service.push(second, to: "main", of: remote, from: copy)
        }
        #expect(tip == theirs)
        let found = try await bench.service.fetch("main", from: remote, into: copy, of: "one")
        #expect(found?.hex == theirs)
        #expect(try Repository(opening: copy).commit(named: "refs/heads/main") == second)
        let secret = bench.text(of: bench.path("key")).split(separator: "\n")[1]
        #expect(bench.output(of: "grep -rl '\(secret)' home copy.git || echo none") == "none")
    }

    @Test func `a server with another key than the known one is not spoken with`() async throws {
        _ = try await bench.service.create(at: copy)
        let first = try commit("one")
        bench.shell("ssh-keygen -q -t ed25519 -N '' -f other")
        let key = bench.text(of: bench.path("other.pub")).split(separator: " ")[1]
        let hosts = "[127.0.0.1]:\(server.port) ssh-ed25519 \(key)\n"
        for known in [hosts, ""] {
            let fault = await #expect(throws: GitFault.self) {
                try await bench.service.push(
                    first,
                    to: "main",
                    of: remote(knownHosts: known),
                    from: copy
                )
            }
            guard case .denied = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
        }
    }

    @Test func `a key that is not let in, or is none, is told`() async throws {
        bench.shell("ssh-keygen -q -t ed25519 -N '' -f other")
        for key in [bench.text(of: bench.path("other")), "no key\n"] {
            let fault = await #expect(throws: GitFault.self) {
                try await bench.service.fetch(
                    "main",
                    from: remote(key: key),
                    into: copy,
                    of: "one"
                )
            }
            guard case .denied = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
        }
    }

    @Test func `a repository that is not there, and a server that is not, are told apart`()
        async throws
    {
        var gone = remote()
        gone.url += "x"
        let missing = await #expect(throws: GitFault.self) {
            try await bench.service.fetch("main", from: gone, into: copy, of: "one")
        }
        guard case .notFound = missing else {
            Issue.record("\(String(describing: missing))")
            return
        }
        server.stop()
        let away = await #expect(throws: GitFault.self) {
            try await bench.service.fetch("main", from: remote(), into: copy, of: "one")
        }
        guard case .remote = away else {
            Issue.record("\(String(describing: away))")
            return
        }
    }

    @Test func `what the other side refuses is told in its words`() async throws {
        let remote = remote()
        _ = try await bench.service.fetch("main", from: remote, into: copy, of: "one")
        let first = try commit("one")
        bench.shell(
            """
            hook=remote.git/hooks/pre-receive && \
            printf '#!/bin/sh\\necho protected for you >&2; exit 1\\n' >$hook && chmod +x $hook
            """
        )
        let fault = await #expect(throws: GitFault.self) {
            try await bench.service.push(first, to: "main", of: remote, from: copy)
        }
        guard case .refused = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(fault?.sentence.contains("protected for you") == true, "\(fault?.sentence ?? "")")
    }
}

/// An sshd of its own on a free port of this machine, which lets in one key.
private final class PlayedSSH: Sendable {
    let port: Int
    let user: String
    let knownHosts: String
    private let bench: Workbench

    init(_ bench: Workbench) throws {
        self.bench = bench
        user = bench.output(of: "id -un")
        port =
            Int(
                bench.output(
                    of: """
                        python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); \
                        print(s.getsockname()[1])'
                        """
                )
            ) ?? 0
        let folder = bench.folder.path
        bench.shell(
            """
            mkdir -p /run/sshd; ssh-keygen -q -t ed25519 -N '' -f host && \
            ssh-keygen -q -t ed25519 -N '' -f key && cp key.pub allowed && chmod 600 allowed && \
            printf '%s\\n' 'ListenAddress 127.0.0.1' 'Port \(port)' 'HostKey \(folder)/host' \
              'AuthorizedKeysFile \(folder)/allowed' 'StrictModes no' 'UsePAM no' \
              'PermitRootLogin prohibit-password' 'PasswordAuthentication no' \
              'PidFile \(folder)/sshd.pid' >sshd_config && \
            /usr/sbin/sshd -f sshd_config -E sshd.log && \
            timeout 5 sh -c 'until [ -s sshd.pid ]; do :; done'
            """
        )
        let key = bench.text(of: "\(folder)/host.pub").split(separator: " ")
        try #require(key.count > 1)
        knownHosts = "[127.0.0.1]:\(port) ssh-ed25519 \(key[1])\n"
    }

    deinit { stop() }

    func stop() { bench.shell("kill $(cat sshd.pid) && rm -f sshd.pid") }
}
