import Domain
import Glibc
import TestSupport
import Testing

@testable import Git

@Suite struct RepositoryTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    @Test func `making a repository twice leaves the first`() throws {
        let (path, commit) = try bench.blueprint()
        try Repository.create(at: path)
        let repository = try Repository(opening: path)
        #expect(try repository.commit(named: "main") == commit)
        #expect(try repository.defaultBranch() == "main")
        #expect(bench.output(of: "git -C blueprint.git fsck --strict") == "")
        #expect(bench.output(of: "ls -A | grep tmp || true") == "")
    }

    @Test func `stock git reads what was written`() throws {
        _ = try bench.blueprint()
        #expect(bench.output(of: "git clone -q blueprint.git copy && cat copy/a/b.txt") == "b")
        #expect(
            bench.output(of: "git -C copy log -1 --format='%an <%ae> %at %s'")
                == "Ada <ada@example.com> 1767571200 Start"
        )
    }

    @Test func `edits touch only what they name`() throws {
        let (path, commit) = try bench.blueprint()
        let repository = try Repository(opening: path)
        let receipt = try repository.commit(onto: "main", text: .sample("Change")) {
            _,
            head throws(GitFault) in
            #expect(head == commit)
            return [
                .put(try .text("a/c/d.sh", "#!/bin/sh\n", mode: .executable)),
                .remove(try RepositoryPath("a/b.txt")), .remove(try RepositoryPath("not/there")),
            ]
        }
        let files = try repository.snapshot(of: receipt.commit) { _ in true }
        #expect(files.map(\.path.text) == ["README.md", "a/c/d.sh"])
        #expect(files.map(\.mode) == [.regular, .executable])
        #expect(files.first?.content.map { String(decoding: $0, as: UTF8.self) } == "hello\n")
        let changes = try repository.changes(from: commit, to: receipt.commit)
        #expect(changes.map(\.path) == ["a/b.txt", "a/c/d.sh"])
        #expect(changes.map(\.kind) == [.removed, .added])
        #expect(bench.output(of: "git -C blueprint.git fsck --strict") == "")
    }

    @Test func `a file can become a folder and the other way round`() throws {
        let (path, commit) = try bench.blueprint()
        let repository = try Repository(opening: path)
        let tree = try repository.editTree(
            commit,
            [.remove(RepositoryPath("a/b.txt")), .put(.text("a", "now a file"))]
        )
        let back = try repository.editTree(
            tree,
            [.remove(RepositoryPath("a")), .put(.text("a/b.txt", "b\n"))]
        )
        #expect(try repository.snapshot(of: tree).map(\.path.text) == ["README.md", "a"])
        #expect(try back == repository.info(of: commit).tree)
    }

    @Test func `a commit that changes nothing is not made`() throws {
        let (path, commit) = try bench.blueprint()
        let receipt = try Repository(opening: path).commit(onto: "main", text: .sample("Again")) {
            _,
            _ throws(GitFault) in [.put(try .text("a/b.txt", "b\n"))]
        }
        #expect(receipt == CommitReceipt(commit: commit, changed: false, attempts: 1))
    }

    @Test func `a reference moves only from where it is believed to be`() throws {
        let (path, commit) = try bench.blueprint()
        let repository = try Repository(opening: path)
        let other = try repository.writeCommit(
            tree: repository.info(of: commit).tree,
            parents: [commit],
            text: .sample("Other")
        )
        #expect(throws: GitFault.moved(reference: "refs/heads/main", found: commit)) {
            try repository.move("refs/heads/main", from: other, to: other)
        }
        #expect(throws: GitFault.moved(reference: "refs/heads/main", found: commit)) {
            try repository.move("refs/heads/main", from: nil, to: other)
        }
        try repository.move("refs/heads/main", from: commit, to: other)
        #expect(try repository.commit(named: "main") == other)
        #expect(throws: GitFault.self) {
            try repository.move("refs/heads/../../x", from: nil, to: other)
        }
    }

    @Test(arguments: ["refs/heads/main", "HEAD"])
    func `a lock that a killed process left behind is taken away at once`(_ name: String) throws {
        let (path, commit) = try bench.blueprint()
        let repository = try Repository(opening: path)
        let lock = "\(path)/\(name).lock"
        #expect(close(creat(lock, 0o644)) == 0)
        if name == "HEAD" {
            try repository.setDefaultBranch("trunk")
        } else {
            try repository.removeBranch("main", at: commit)
        }
        #expect(access(lock, F_OK) != 0)
        try repository.move("refs/heads/main", from: name == "HEAD" ? commit : nil, to: commit)
    }

    @Test func `references change while nobody else changes any`() throws {
        let (path, commit) = try bench.blueprint()
        let repository = try Repository(opening: path)
        let held = try RepositoryLock.take(of: path)
        #expect(throws: GitFault.busy) { try RepositoryLock.take(of: path, waitMax: 0).release() }
        held.release()
        try repository.move("refs/heads/main", from: commit, to: commit)
        try RepositoryLock.take(of: path, waitMax: 0).release()
    }

    @Test func `concurrent commits all arrive, one after the other`() async throws {
        let (path, _) = try bench.blueprint()
        let service = bench.service
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<24 {
                group.addTask {
                    try await service.open(path) { repository throws(GitFault) in
                        try repository.commit(onto: "main", text: .sample("Tenant \(number)")) {
                            _,
                            _ throws(GitFault) in
                            [.put(try .text("tenants/\(number).yaml", "\(number)\n"))]
                        }.changed
                    }
                }
            }
            for try await changed in group { #expect(changed) }
        }
        let repository = try Repository(opening: path)
        let head = try #require(try repository.commit(named: "main"))
        #expect(try repository.snapshot(of: head).count == 26)
        #expect(try repository.log(from: head, limit: 100).count == 25)
        #expect(bench.output(of: "git -C blueprint.git fsck --strict --no-dangling") == "")
    }

    @Test func `tags are peeled and in the order of versions`() throws {
        let (path, commit) = try bench.blueprint()
        let repository = try Repository(opening: path)
        for name in ["v1.10.0", "v1.2.0", "v1.2.0-rc.1", "nightly"] {
            try repository.tag(name, commit: commit, message: "M", by: .sample)
        }
        try repository.tag("nightly", commit: commit, message: "M", by: .sample)
        let tags = try repository.tags()
        #expect(tags.map(\.name) == ["v1.10.0", "v1.2.0", "v1.2.0-rc.1", "v1.0.0", "nightly"])
        #expect(tags.allSatisfy { $0.commit == commit && $0.taggedSeconds == 1_767_571_200 })
        #expect(tags[3].message == "First\n")
    }

    @Test func `a merge keeps both sides or names the conflicts`() throws {
        let (path, base) = try bench.blueprint()
        let repository = try Repository(opening: path)
        let ours = try repository.editTree(base, [.put(.text("README.md", "ours\n"))])
        let theirs = try repository.editTree(base, [.put(.text("a/b.txt", "theirs\n"))])
        let both = try repository.editTree(ours, [.put(.text("a/b.txt", "theirs\n"))])
        #expect(try repository.merge(base: base, ours: ours, theirs: theirs) == .merged(tree: both))
        let clash = try repository.editTree(base, [.put(.text("README.md", "clash\n"))])
        #expect(
            try repository.merge(base: base, ours: ours, theirs: clash)
                == .conflicts(["README.md"])
        )
    }

    @Test func `history is told by path, distance and descent`() throws {
        let (path, first) = try bench.blueprint()
        let repository = try Repository(opening: path)
        let second = try repository.commit(onto: "main", text: .sample("Second")) {
            _,
            _ throws(GitFault) in [.put(try .text("a/b.txt", "2\n"))]
        }.commit
        let readme = try RepositoryPath("README.md")
        #expect(try repository.log(from: second, limit: 9).map(\.id) == [second, first])
        #expect(try repository.log(from: second, path: readme, limit: 9).map(\.id) == [first])
        #expect(try repository.isAncestor(first, of: second))
        #expect(try repository.isAncestor(second, of: second))
        #expect(try !repository.isAncestor(second, of: first))
        #expect(try repository.distance(from: first, to: second) == (0, 1))
        #expect(try repository.file(readme, of: second).map { $0.count } == 6)
        #expect(try repository.file(RepositoryPath("a"), of: second) == nil)
    }

    @Test func `a name cannot break out of a commit's header`() throws {
        let (path, commit) = try bench.blueprint()
        let repository = try Repository(opening: path)
        let bad = Signature(name: "A\nparent x <y>", email: "e>\n", seconds: 1)
        let text = CommitText(
            message: "M",
            trailers: [("K", "a\nb")],
            author: bad,
            committer: .sample
        )
        let id = try repository.writeCommit(
            tree: repository.info(of: commit).tree,
            parents: [commit],
            text: text
        )
        let info = try repository.info(of: id)
        #expect(info.author.name == "Aparent x y")
        #expect(info.parents == [commit])
        #expect(info.message == "M\n\nK: a b\n")
    }

    @Test func `limits name what they stopped`() throws {
        let (path, commit) = try bench.blueprint()
        var limits = GitLimits()
        limits.filesMax = 1
        let small = try Repository(opening: path, limits: limits)
        #expect(throws: GitFault.tooLarge("the tree has more than 1 files")) {
            try small.snapshot(of: commit)
        }
        limits = GitLimits()
        limits.fileBytesMax = 3
        let short = try Repository(opening: path, limits: limits)
        #expect(
            throws: GitFault.refused([
                Refusal(path: "README.md", reason: "has 6 bytes; at most 3 are read")
            ])
        ) {
            try short.snapshot(of: commit) { $0.text == "README.md" }
        }
    }

    @Test func `only a repository is removed, and twice is fine`() throws {
        let (path, _) = try bench.blueprint()
        #expect(throws: GitFault.self) { try Repository.remove(at: bench.folder.path) }
        try Repository.remove(at: path)
        try Repository.remove(at: path)
        #expect(bench.output(of: "ls") == "answer\nlog")
    }

    @Test func `what a killed removal left goes with the next one`() throws {
        let (path, _) = try bench.blueprint()
        try Repository.create(at: path)
        bench.shell("mv blueprint.git .blueprint.git.999-removed.tmp && mkdir .other.git.1.tmp")
        #expect(Repository.names(in: bench.folder.path) == ["blueprint", "other"])
        #expect(Repository.leftovers(of: path).count == 1)
        try Repository.remove(at: path)
        #expect(Repository.leftovers(of: path).isEmpty)
        #expect(bench.output(of: "ls -A") == ".other.git.1.tmp\nanswer\nlog")
    }

    @Test func `a repository is removed for its owner only`() throws {
        let (path, _) = try bench.blueprint()
        let unknown = RepositoryOwner(id: "one", isKnown: false)
        try Repository.remove(at: path, of: unknown)
        bench.shell("git -C blueprint.git config slipway.tenant two")
        try Repository.remove(at: path, of: RepositoryOwner(id: "one", isKnown: true))
        let owner = RepositoryOwner(id: "two", isKnown: false)
        #expect(try Repository(opening: path).belongs(to: owner))
        try Repository.remove(at: path, of: owner)
        #expect(bench.output(of: "ls") == "answer\nlog")
    }

    @Test func `temporary files meet no other's`() throws {
        let path = bench.path("file")
        #expect(Disk.temporary(beside: path) != Disk.temporary(beside: path))
        try Disk.write("mine", to: path)
        #expect(throws: GitFault.self) { try Disk.write("theirs", to: path) }
        try Disk.replace(path, with: "theirs", mode: 0o644)
        #expect(bench.output(of: "cat file && ls -A") == "theirsanswer\nfile\nlog")
    }
}
