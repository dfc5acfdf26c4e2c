import Domain
import Testing

@testable import Git

@Suite struct ForkTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    private func request(_ source: String, _ base: ObjectID) throws -> ForkRequest {
        let files = try Repository(opening: source).snapshot(of: base)
        return ForkRequest(
            source: source,
            base: base,
            destination: bench.path("tenants/acme.git"),
            tags: ["v1.0.0"],
            owner: "acme-1",
            files: try files.map { TreeFile(path: $0.path, content: .object($0.id)) }
                + [.text("clusters/acme.yaml", "name: acme\n")],
            text: CommitText(
                message: "Fork the platform",
                trailers: [("Slipway-Version", "v1.0.0")],
                author: .sample,
                committer: .sample
            )
        )
    }

    @Test func `a fork keeps the history and adds one commit`() throws {
        let (source, base) = try bench.blueprint()
        let receipt = try Repository.fork(request(source, base))
        #expect(receipt.created)
        let fork = try Repository(opening: bench.path("tenants/acme.git"))
        #expect(try fork.info(of: receipt.commit).parents == [base])
        #expect(try fork.branches() == [Branch(name: "main", commit: receipt.commit)])
        #expect(try fork.tags().map(\.name) == ["v1.0.0"])
        #expect(try fork.defaultBranch() == "main")
        #expect(bench.output(of: "git -C tenants/acme.git fsck --strict") == "")
        #expect(
            bench.output(of: "git clone -q tenants/acme.git copy && cat copy/clusters/acme.yaml")
                == "name: acme"
        )
        #expect(
            bench.output(of: "git -C copy log -1 --format=%B | tail -2")
                == "Slipway-Version: v1.0.0"
        )
    }

    @Test func `forking twice changes nothing, not even a file's time`() throws {
        let (source, base) = try bench.blueprint()
        let first = try Repository.fork(request(source, base))
        let state = "find tenants -printf '%p %T@ %C@ %i\\n' | sort | sha256sum"
        let before = bench.output(of: state)
        let second = try Repository.fork(request(source, base))
        #expect(second == ForkReceipt(commit: first.commit, created: false))
        #expect(bench.output(of: state) == before)
    }

    @Test func `a fork survives the blueprint's removal`() throws {
        let (source, base) = try bench.blueprint()
        bench.shell("git -C blueprint.git gc -q")
        _ = try Repository.fork(request(source, base))
        try Repository.remove(at: source)
        #expect(bench.output(of: "git -C tenants/acme.git fsck --strict") == "")
    }

    @Test func `what is there already is never overwritten`() throws {
        let (source, base) = try bench.blueprint()
        let wanted = try request(source, base)
        try Repository.create(at: wanted.destination)
        #expect(throws: GitFault.exists(wanted.destination)) { try Repository.fork(wanted) }
        bench.shell("rm -r tenants/acme.git && mkdir tenants/acme.git && touch tenants/acme.git/x")
        #expect(throws: GitFault.exists(wanted.destination)) { try Repository.fork(wanted) }
    }

    @Test func `a fork that has moved on is still that fork`() throws {
        let (source, base) = try bench.blueprint()
        let wanted = try request(source, base)
        let first = try Repository.fork(wanted)
        let fork = try Repository(opening: wanted.destination)
        _ = try fork.commit(onto: "main", text: .sample("Tenant's own")) { _, _ throws(GitFault) in
            [.put(try .text("own.txt", "x"))]
        }
        #expect(try Repository.fork(wanted) == ForkReceipt(commit: first.commit, created: false))
    }

    @Test func `a fork that fails leaves nothing behind`() throws {
        let (source, base) = try bench.blueprint()
        var wanted = try request(source, base)
        let missing = try #require(ObjectID(String(repeating: "1", count: 40)))
        wanted.files.append(
            TreeFile(path: try RepositoryPath("x"), content: .object(missing))
        )
        #expect(throws: GitFault.self) { try Repository.fork(wanted) }
        #expect(bench.output(of: "ls -A tenants") == "")
    }

    @Test func `concurrent forks make one`() async throws {
        let (source, base) = try bench.blueprint()
        let wanted = try request(source, base)
        let service = bench.service
        let receipts = try await withThrowingTaskGroup(of: ForkReceipt.self) { group in
            for _ in 0..<8 { group.addTask { try await service.fork(wanted) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(receipts.count { $0.created } == 1)
        #expect(Set(receipts.map(\.commit)).count == 1)
        #expect(bench.output(of: "ls -A tenants") == "acme.git")
    }
}
