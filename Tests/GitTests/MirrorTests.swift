import Testing

@testable import Git

@Suite struct MirrorTests {
    @Test func `a mirror follows branches, tags and the default branch`() async throws {
        let bench = try Workbench()
        bench.shell(
            """
            git init -q -b trunk source && cd source && git config user.email a@b && \
            git config user.name A && echo 1 > f && git add f && git commit -qm 1 && \
            git tag -a v1.0.0 -m one && git branch gone
            """
        )
        let request = FetchRequest(
            source: bench.path("source"),
            destination: bench.path("mirror.git")
        )
        try await bench.service.mirror(request)
        let names: @Sendable (borrowing Repository) throws(GitFault) -> [String] = {
            repository throws(GitFault) in
            try repository.branches().map(\.name) + repository.tags().map(\.name)
                + [repository.defaultBranch()]
        }
        #expect(
            try await bench.service.open(bench.path("mirror.git"), names)
                == ["gone", "trunk", "v1.0.0", "trunk"]
        )
        bench.shell(
            "cd source && git branch -D gone && echo 2 > f && git commit -qam 2 && git tag v2.0.0"
        )
        try await bench.service.mirror(request)
        try await bench.service.mirror(request)
        #expect(
            try await bench.service.open(bench.path("mirror.git"), names)
                == ["trunk", "v2.0.0", "v1.0.0", "trunk"]
        )
    }

    @Test func `what a killed fetch left does not stop the next one`() async throws {
        let bench = try Workbench()
        let source = try bench.blueprint()
        let request = FetchRequest(source: source.path, destination: bench.path("mirror.git"))
        try await bench.service.mirror(request)
        bench.shell(
            """
            git -C blueprint.git tag v2.0.0 main && cd mirror.git && mkdir -p refs/tags && \
            touch HEAD.lock packed-refs.lock refs/tags/v2.0.0.lock && \
            touch -d '2 hours ago' objects/pack/tmp_pack_x
            """
        )
        try await bench.service.mirror(request)
        #expect(bench.output(of: "git -C mirror.git tag") == "v1.0.0\nv2.0.0")
        let left = "find mirror.git -name '*.lock' -o -name 'tmp_*'"
        #expect(bench.output(of: left) == "mirror.git/slipway.lock")
    }

    @Test(arguments: [
        (
            "fatal: unable to access 'https://u:p@host/x?token=1': no",
            "fatal: unable to access 'https://host/x': no"
        ),
        ("ssh://git@host/x failed", "ssh://host/x failed"), ("://", "://"),
        ("a https://h/x#y b http://z@h?q", "a https://h/x b http://h"), ("no URL", "no URL"),
    ])
    func `what is told of a URL is free of secrets`(_ text: String, _ shown: String) {
        #expect(FetchSource.withoutSecrets(text) == shown)
    }

    @Test func `a failed fetch does not repeat its source`() async throws {
        let bench = try Workbench()
        let request = FetchRequest(
            source: "file:///nowhere/private",
            destination: bench.path("mirror.git")
        )
        let fault = await #expect(throws: GitFault.self) {
            try await bench.service.mirror(request)
        }
        #expect(fault?.sentence.contains("file:///nowhere/private") == false)
    }

    @Test func `a source that is not there is told without a crash`() async throws {
        let bench = try Workbench()
        for source in ["file:///nowhere/at/all", "/nowhere/at/all"] {
            let request = FetchRequest(source: source, destination: bench.path("mirror.git"))
            let fault = GitFault.notFound("a Git repository at /nowhere/at/all on this server")
            await #expect(throws: fault) {
                try await bench.service.mirror(request)
            }
        }
        bench.shell("mkdir plain")
        let plain = FetchRequest(
            source: bench.path("plain"),
            destination: bench.path("mirror.git")
        )
        let fault = await #expect(throws: GitFault.self) {
            try await bench.service.mirror(plain)
        }
        guard case .malformed? = fault else {
            Issue.record("\(String(describing: fault)) would be tried again")
            return
        }
    }

    @Test func `a repository beyond the limit is cut off`() async throws {
        var limits = GitLimits()
        limits.packBytesMax = 64 << 10
        let bench = try Workbench(limits: limits)
        bench.shell(
            """
            git init -q source && cd source && head -c 1000000 /dev/urandom > f && git add f && \
            git -c user.name=A -c user.email=a@b commit -qm 1
            """
        )
        let request = FetchRequest(
            source: bench.path("source"),
            destination: bench.path("mirror.git")
        )
        await #expect(throws: GitFault.self) { try await bench.service.mirror(request) }
        #expect(bench.output(of: "git -C mirror.git for-each-ref") == "")
    }

    @Test(arguments: [
        "", "relative/path", "git://host/x", "ext::sh -c id", "https://u:p@host/x", "-u/x",
        "https://-oProxy/x", "ssh://-oProxyCommand=id/x", "https://", "https://h/a b", "ftp://h/x",
        "host:path", "fd::17", "https://h/\nx",
    ])
    func `a dangerous source never reaches a command line`(_ source: String) {
        #expect(throws: GitFault.self) {
            try FetchSource(parsing: FetchRequest(source: source, destination: "/x"))
        }
    }

    @Test func `a credential goes to its host only, over TLS only, in the environment only`() throws
    {
        let proof = FetchRequest.Credential.basic(user: "u", password: "pass")
        let source = try FetchSource(
            parsing: FetchRequest(
                source: "https://git.example.com:8443/a/b.git",
                destination: "/x",
                credential: proof
            )
        )
        #expect(source.text == "https://git.example.com:8443/a/b.git")
        #expect(
            source.environment["GIT_CONFIG_KEY_0"]
                == "http.https://git.example.com:8443/.extraHeader"
        )
        #expect(source.environment["GIT_CONFIG_VALUE_0"] == "Authorization: Basic dTpwYXNz")
        #expect("\(proof)" == "credential")
        #expect(throws: GitFault.self) {
            try FetchSource(
                parsing: FetchRequest(source: "http://h/x", destination: "/x", credential: proof)
            )
        }
    }
}
