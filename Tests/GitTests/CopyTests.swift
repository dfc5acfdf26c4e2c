import Testing

@testable import Git

@Suite struct CopyTests {
    private static let start = """
        git init -q -b trunk source && cd source && git config user.email a@b && \
        git config user.name A && echo 1 > f && git add f && git commit -qm 1 && \
        echo 2 > f && git commit -qam 2 && git branch other && git branch feature/x && \
        git tag -a v1 -m one
        """

    private func request(
        _ bench: Workbench,
        _ revisions: [String] = [],
        bytesMax: Int = 16 << 20
    ) -> CopyRequest {
        let fetch = FetchRequest(
            source: "file://" + bench.path("source"),
            destination: bench.path("copies/one.git")
        )
        return CopyRequest(fetch, of: revisions, bytesMax: bytesMax)
    }

    private func references(_ bench: Workbench) -> String {
        bench.output(of: "git -C copies/one.git for-each-ref --format='%(refname)'")
    }

    private func text(_ bench: Workbench, _ revision: String) -> String {
        bench.output(of: "git -C copies/one.git show \(revision):f")
    }

    @Test func `a copy has the one revision that is wanted, and none of its history`()
        async throws
    {
        let bench = try Workbench()
        bench.shell(Self.start)
        try await bench.service.copy(request(bench))
        #expect(references(bench) == "refs/heads/trunk")
        #expect(bench.output(of: "git -C copies/one.git rev-list --count trunk") == "1")
        #expect(bench.output(of: "git -C copies/one.git symbolic-ref HEAD") == "refs/heads/trunk")
        bench.shell("cd source && echo 3 > f && git commit -qam 3")
        try await bench.service.copy(request(bench))
        #expect(text(bench, "trunk") == "3")
        let commit = try await bench.service.open(bench.path("copies/one.git")) {
            repository throws(GitFault) in try repository.commit(named: "trunk")
        }
        #expect(commit?.hex == bench.output(of: "git -C source rev-parse trunk"))
    }

    @Test func `the first revision that is there is taken, and a tag like a branch`()
        async throws
    {
        let bench = try Workbench()
        bench.shell(Self.start)
        try await bench.service.copy(request(bench, ["feature/x/y", "feature/x", "feature"]))
        #expect(references(bench) == "refs/heads/feature/x")
        // A branch in the place of a folder of branches.
        bench.shell("cd source && git branch -D feature/x && git branch feature")
        try await bench.service.copy(request(bench, ["feature/x/y", "feature/x", "feature"]))
        #expect(references(bench) == "refs/heads/feature")
        try await bench.service.copy(request(bench, ["v1"]))
        #expect(references(bench) == "refs/tags/v1")
        let commit = bench.output(of: "git -C source rev-parse trunk")
        try await bench.service.copy(request(bench, [commit]))
        #expect(text(bench, commit) == "2")
        await #expect(throws: GitFault.notFound("the branch or tag none")) {
            try await bench.service.copy(request(bench, ["none"]))
        }
    }

    @Test func `a revision with too many bytes is refused and leaves the copy as it was`()
        async throws
    {
        let bench = try Workbench()
        bench.shell(Self.start)
        let small = request(bench, bytesMax: 256 << 10)
        try await bench.service.copy(small)
        bench.shell(
            "cd source && head -c 1000000 /dev/urandom > g && git add g && git commit -qm big"
        )
        let fault = await #expect(throws: GitFault.self) { try await bench.service.copy(small) }
        guard case .tooLarge? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(text(bench, "trunk") == "2")
        let left = "find copies -name '.one.git.*' | wc -l"
        #expect(bench.output(of: left) == "0")
    }

    @Test func `what earlier looks left goes once it is too much`() async throws {
        let bench = try Workbench()
        bench.shell(Self.start)
        let small = request(bench, bytesMax: 600 << 10)
        for number in 0..<4 {
            bench.shell(
                """
                cd source && head -c 200000 /dev/urandom > g && echo n\(number) > f && \
                git add g && git commit -qam \(number)
                """
            )
            try await bench.service.copy(small)
            #expect(text(bench, "trunk") == "n\(number)")
        }
        let size = Int(bench.output(of: "du -sb copies/one.git | cut -f 1")) ?? .max
        #expect(size <= 600 << 10)
    }

    @Test func `a copy that is leased stays, one that nobody reads goes`() async throws {
        let bench = try Workbench()
        bench.shell(Self.start)
        try await bench.service.copy(request(bench))
        let path = bench.path("copies/one.git")
        #expect(try await !bench.service.removeUnleased(at: path, after: .seconds(60)))
        bench.shell("touch -d '2 minutes ago' copies/one.git/slipway.lease")
        // Whoever asks for it takes the lease anew.
        try await bench.service.copy(request(bench))
        #expect(try await !bench.service.removeUnleased(at: path, after: .seconds(60)))
        bench.shell("touch -d '2 minutes ago' copies/one.git/slipway.lease")
        #expect(try await bench.service.removeUnleased(at: path, after: .seconds(60)))
        #expect(try await !bench.service.removeUnleased(at: path, after: .seconds(60)))
        try await bench.service.copy(request(bench))
        #expect(text(bench, "trunk") == "2")
    }

    @Test func `copies of one owner have so much room together, and the oldest goes first`()
        async throws
    {
        let bench = try Workbench()
        let big = "head -c 100000 /dev/zero >"
        bench.shell(
            "mkdir -p copies/a-1.git copies/a-2.git copies/a-3.git copies/b-1.git && "
                + "for c in a-1 a-2 a-3 b-1; do \(big) copies/$c.git/pack; done && "
                + "touch -d '3 hours ago' copies/a-2.git/slipway.lease && "
                + "touch -d '2 hours ago' copies/a-1.git/slipway.lease && "
                + "touch copies/a-3.git/slipway.lease"
        )
        func room(_ name: String, _ bytesMax: Int) async throws -> Int {
            try await bench.service.room(
                for: bench.path("copies/\(name).git"),
                beside: "a-",
                bytesMax: bytesMax,
                unleasedFor: .seconds(3_600)
            )
        }
        let left = "cd copies && echo *.git"
        let roomy = try await room("a-4", 1 << 20)
        #expect((500_000...(1 << 20 - 300_000)).contains(roomy), "\(roomy)")
        #expect(bench.output(of: left) == "a-1.git a-2.git a-3.git b-1.git")
        // The one that is asked for does not count; of the others only what is needed goes.
        #expect(try await room("a-1", 150_000) > 0)
        #expect(bench.output(of: left) == "a-1.git a-3.git b-1.git")
        // What is read goes for nobody.
        #expect(try await room("a-4", 100_000) <= 0)
        #expect(bench.output(of: left) == "a-3.git b-1.git")
    }

    @Test func `a host is reached at the addresses that were looked at, and at no others`()
        async throws
    {
        let bench = try Workbench()
        let fetch = FetchRequest(
            source: "http://git.invalid:9/x.git",
            destination: bench.path("copies/one.git"),
            addresses: ["127.0.0.1"]
        )
        let fault = await #expect(throws: GitFault.self) {
            try await bench.service.copy(CopyRequest(fetch, of: [], bytesMax: 1 << 20))
        }
        // DNS would know no such host.
        let sentence = fault?.sentence ?? ""
        #expect(sentence.contains("onnect"), "\(sentence)")
        #expect(!sentence.contains("resolve"), "\(sentence)")
        let source = try FetchSource(
            parsing: FetchRequest(
                source: "https://Git.example/x.git",
                destination: "/x",
                addresses: ["192.0.2.1", "2001:db8::1"]
            )
        )
        #expect(source.environment["GIT_CONFIG_KEY_0"] == "http.curloptResolve")
        #expect(
            source.environment["GIT_CONFIG_VALUE_0"]
                == "git.example:443:192.0.2.1,[2001:db8::1]"
        )
    }

    @Test(arguments: ["git version 2.34.1\n", "git version 2.36.0.windows.1", "hub 1.0", ""])
    func `a git that keeps to no addresses is not given any`(answer: String) async throws {
        let bench = try Workbench()
        let old = GitService(
            pool: bench.pool,
            group: bench.group,
            home: bench.path("home"),
            version: { GitVersion(parsing: answer) }
        )
        let fetch = FetchRequest(
            source: "http://git.invalid:9/x.git",
            destination: bench.path("copies/one.git"),
            addresses: ["127.0.0.1"]
        )
        let fault = await #expect(throws: GitFault.self) {
            try await old.copy(CopyRequest(fetch, of: [], bytesMax: 1 << 20))
        }
        let sentence = fault?.sentence ?? ""
        #expect(sentence.contains("only 2.37 and newer"), "\(sentence)")
        bench.shell(Self.start)
        try await old.copy(request(bench))
        #expect(text(bench, "trunk") == "2")
    }

    @Test func `the version of git is read`() throws {
        #expect(GitVersion(parsing: "git version 2.37.0") == .pinning)
        #expect(try #require(GitVersion(parsing: "git version 2.100.1 (x)")) > .pinning)
        #expect(try #require(GitVersion(parsing: "git version 1.99")) < .pinning)
        #expect(GitVersion.installed != nil)
    }

    @Test(arguments: [
        "https://git.example./x", "https://gi%74.example/x", "https://gït.example/x",
        "https://git.example:/x", "https://[::1]/x", "https://git..example/x",
    ])
    func `a host that is read in two ways is pinned to no address`(source: String) {
        #expect(throws: GitFault.self) {
            try FetchSource(
                parsing: FetchRequest(
                    source: source,
                    destination: "/x",
                    addresses: ["192.0.2.1"]
                )
            )
        }
    }
}
