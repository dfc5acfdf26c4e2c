import Catalog
import Contract
import Domain
import EventLoop
import Git
import Synchronization
import TestSupport
import Testing

@testable import Ingest

/// Repositories of a test, fetched by stock git, and what was kept of them.
private final class Bench: LocationRepositories {
    let shell = Shell()
    let git: GitService
    private let group: EventLoopGroup
    private let pool = BlockingPool(threads: 2, queueLimit: 64, name: "git")
    let kept = Mutex<[ReadFile]>([])
    /// What every repository answers; nil for what is in it.
    let outage = Mutex<ProviderFault?>(nil)

    init() throws {
        group = try EventLoopGroup(count: 1)
        group.start()
        git = GitService(pool: pool, group: group, home: "\(shell.path)/home")
    }

    deinit {
        pool.stop()
        group.stop()
    }

    /// A repository at `https://git.test/<name>`, with these files.
    func commit(_ name: String, _ files: [String: String]) {
        shell.run("mkdir -p \(name) && git -C \(name) init -q -b main")
        for (path, text) in files {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            let file = "\(name)/\(path)"
            shell.run(
                "mkdir -p '\(name)/\(folder)' && cat > '\(file)' <<'END'\n\(text)\nEND\ntrue"
            )
        }
        shell.run("git -C \(name) add -A && git -C \(name) commit -qm x")
    }

    func bring(
        _ target: LocationTarget,
        for tenant: TenantReference?,
        isTrusted: Bool,
        isAsked: Bool,
        within duration: Duration
    ) async throws(ProviderFault) -> String {
        if let outage = outage.withLock({ $0 }) { throw outage }
        let name = target.page.split(separator: "/").last.map(String.init) ?? ""
        let branch = target.revisions.joined(separator: "-").replacing("/", with: "_")
        let path = "\(shell.path)/copies/\(name)\(branch).git"
        let fetch = FetchRequest(source: "\(shell.path)/\(name)", destination: path)
        let request = CopyRequest(fetch, of: target.revisions, bytesMax: 16 << 20)
        do throws(GitFault) { try await git.copy(request) } catch {
            throw .refused(reason: error.sentence)
        }
        return path
    }

    /// Looks at a target; what is read is kept.
    func walk(
        _ target: String,
        tenant: TenantReference? = nil,
        known: [String: KnownFile] = [:]
    ) async throws -> LocationWalk {
        var walk = LocationWalk(
            git: git,
            repositories: self,
            tenant: tenant,
            known: known,
            keep: { files throws(ProviderFault) in self.kept.withLock { $0 += files } }
        )
        try await walk.run(from: try LocationTarget(parsing: target))
        return walk
    }

    var known: [String: KnownFile] {
        kept.withLock { files in
            Dictionary(
                files.map { file in
                    let known = KnownFile(blob: file.blob, links: file.links, isDue: false)
                    return (file.target.description, known)
                },
                uniquingKeysWith: { $1 }
            )
        }
    }

    var names: [String] {
        kept.withLock { $0.flatMap { $0.entries.map(\.entity.reference.description) } }
    }

    var codes: [String] { kept.withLock { $0.flatMap { $0.problems.map(\.code) } } }
}

@Suite struct LocationWalkTests {
    private static func component(_ name: String, _ more: String = "") -> String {
        """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata:
          name: \(name)
        \(more)
        spec: {type: service, lifecycle: production, owner: team-a}
        """
    }

    private static func location(_ target: String) -> String {
        """
        apiVersion: backstage.io/v1alpha1
        kind: Location
        metadata: {name: all}
        spec: {targets: ["\(target)"]}
        """
    }

    private static let tenant = TenantReference(id: TenantID(high: 1, low: 2), name: "acme")

    @Test func `a file that is the same is not read again`() async throws {
        let bench = try Bench()
        bench.commit(
            "one",
            [
                "a/catalog-info.yaml": Self.component("a"),
                "b/catalog-info.yaml": Self.component("b"),
                "other.yaml": Self.component("c"),
            ]
        )
        let target = "https://git.test/one.git//**/catalog-info.yaml"
        let first = try await bench.walk(target)
        #expect(first.status.filesRead == 2)
        #expect(bench.names == ["component:default/a", "component:default/b"])
        let same = try await bench.walk(target, known: bench.known)
        #expect(same.status.filesRead == 0)
        #expect(same.status.files == 2)
        bench.commit("one", ["b/catalog-info.yaml": Self.component("b", "  title: B")])
        let changed = try await bench.walk(target, known: bench.known)
        #expect(changed.status.filesRead == 1)
        #expect(changed.status.commit != first.status.commit)
    }

    @Test func `entities of kind Location lead on, also into other repositories, and circles end`()
        async throws
    {
        let bench = try Bench()
        bench.commit(
            "one",
            [
                "catalog-info.yaml": Self.location("./svc/*.yaml"),
                "svc/a.yaml": Self.component("a"),
                "svc/b.yaml": Self.location("https://git.test/two.git//catalog-info.yaml"),
            ]
        )
        bench.commit(
            "two",
            [
                "catalog-info.yaml": Self.location(
                    "https://git.test/one.git//catalog-info.yaml?ref=main"
                )
            ]
        )
        let walk = try await bench.walk("https://git.test/one.git")
        #expect(walk.status.problems == [])
        #expect(walk.isComplete)
        #expect(walk.status.files == 4)
        #expect(Set(bench.names) == ["location:default/all", "component:default/a"])
    }

    @Test func `locations are followed five deep and no deeper`() async throws {
        let bench = try Bench()
        var files = ["catalog-info.yaml": Self.location("./1.yaml")]
        for step in 1...7 { files["\(step).yaml"] = Self.location("./\(step + 1).yaml") }
        bench.commit("one", files)
        let walk = try await bench.walk("https://git.test/one.git")
        #expect(walk.status.files == 6)
        #expect(walk.status.problems.map(\.code) == ["too-deep"])
        #expect(!walk.isComplete)
    }

    @Test func `a tenant's files say nothing of others`() async throws {
        let bench = try Bench()
        bench.commit(
            "one",
            [
                "catalog-info.yaml": [
                    Self.component("mine"), Self.component("theirs", "  namespace: globex"),
                ].joined(separator: "\n---\n")
            ]
        )
        _ = try await bench.walk("https://git.test/one.git", tenant: Self.tenant)
        #expect(bench.names == ["component:acme/mine"])
        let problem = try #require(bench.kept.withLock { $0.first?.problems.first })
        #expect(problem.code == "foreign-namespace")
        #expect(problem.line == 8)
    }

    @Test func `an entity knows where people read it`() async throws {
        let bench = try Bench()
        bench.commit("one", ["svc/catalog-info.yaml": Self.component("a")])
        _ = try await bench.walk("https://git.test/acme/one/blob/main/svc")
        let entity = try #require(bench.kept.withLock { $0.first?.entries.first?.entity })
        let place = "https://git.test/acme/one"
        #expect(
            entity.annotation(WellKnownAnnotation.viewURL)
                == "\(place)/blob/main/svc/catalog-info.yaml"
        )
        #expect(
            entity.annotation(WellKnownAnnotation.editURL)
                == "\(place)/edit/main/svc/catalog-info.yaml"
        )
        #expect(
            entity.annotation(WellKnownAnnotation.sourceLocation) == "url:\(place)/blob/main/svc/"
        )
    }

    @Test func `what is not there is told, and nothing is taken for gone`() async throws {
        let bench = try Bench()
        bench.commit("one", ["readme.md": "x"])
        let branch = try await bench.walk("https://git.test/acme/one/blob/none/x.yaml")
        #expect(branch.status.phase == .failed)
        #expect(!branch.isComplete)
        let repository = try await bench.walk("https://git.test/none.git")
        #expect(repository.status.problems.map(\.code) == ["unreadable"])
        #expect(!repository.isComplete)
        let file = try await bench.walk("https://git.test/one.git")
        #expect(file.status.problems.map(\.code) == ["no-file"])
    }

    @Test func `a branch with slashes is found, and links beside its files stay on it`()
        async throws
    {
        let bench = try Bench()
        bench.commit("one", ["readme.md": "x"])
        bench.shell.run("git -C one checkout -qb feature/new/shop")
        bench.commit(
            "one",
            [
                "svc/catalog-info.yaml": Self.location("./more.yaml"),
                "svc/more.yaml": Self.component("a"),
            ]
        )
        bench.shell.run("git -C one checkout -q main")
        let page = "https://git.test/acme/one"
        for target in ["feature/new/shop/svc", "feature%2Fnew%2Fshop/svc/catalog-info.yaml"] {
            bench.kept.withLock { $0 = [] }
            let walk = try await bench.walk("\(page)/blob/\(target)")
            #expect(walk.status.problems == [], "\(target)")
            #expect(Set(bench.names) == ["location:default/all", "component:default/a"])
            let files = bench.kept.withLock { $0.map(\.target.description) }
            let folder = "\(page)/blob/feature%2Fnew%2Fshop/svc"
            #expect(Set(files) == ["\(folder)/catalog-info.yaml", "\(folder)/more.yaml"])
        }
    }

    @Test func `what passes is not told of the location`() async throws {
        let bench = try Bench()
        bench.commit("one", ["catalog-info.yaml": Self.component("a")])
        let outage = ProviderFault.transient(reason: "the database gave no answer")
        bench.outage.withLock { $0 = outage }
        await #expect(throws: outage) { try await bench.walk("https://git.test/one.git") }
        bench.outage.withLock { $0 = .refused(reason: "there is no host") }
        let walk = try await bench.walk("https://git.test/one.git")
        #expect(walk.status.phase == .failed)
    }

    @Test func `a look has limits of files, bytes, links and time`() async throws {
        let bench = try Bench()
        var files = ["catalog-info.yaml": Self.location("./a/*.yaml")]
        for number in 0..<5 { files["a/\(number).yaml"] = Self.component("c\(number)") }
        bench.commit("one", files)
        func look(
            _ limits: LocationWalk.Limits,
            _ check: () throws(ProviderFault) -> Void = {}
        ) async throws -> LocationWalk {
            var walk = LocationWalk(
                git: bench.git,
                repositories: bench,
                tenant: nil,
                known: [:],
                limits: limits,
                keep: { _ in }
            )
            let target = try LocationTarget(parsing: "https://git.test/one.git")
            try await walk.run(from: target, check)
            return walk
        }
        var limits = LocationWalk.Limits.preview
        #expect(try await look(limits).status.files == 6)
        limits.files = 3
        #expect(try await look(limits).status.problems.count == 1)
        limits = .preview
        // `catalog-info.yaml` has 17 bytes, and each file that it leads to 8.
        limits.paths = 17 + 5 * 8
        #expect(try await look(limits).status.files == 6)
        limits.paths -= 1
        let long = try await look(limits)
        #expect(long.status.problems.first?.detail.contains("paths of the files") == true)
        #expect(long.status.files == 1 && !long.isComplete)
        limits = .preview
        limits.bytes = 500
        let full = try await look(limits)
        #expect(full.status.problems.map(\.code) == ["unreadable"])
        #expect(!full.isComplete)
        limits = .preview
        limits.links = 0
        #expect(try await look(limits).status.problems.map(\.code) == ["too-many"])
        let late = ProviderFault.refused(reason: "it takes too long")
        await #expect(throws: late) {
            try await look(.preview) { () throws(ProviderFault) in throw late }
        }
    }

    @Test func `hostile files are refused with a reason, and harm no others`() async throws {
        let bench = try Bench()
        let bomb = (0..<12).map { level in
            let body = level == 0 ? "x" : "*a\(level - 1)"
            return
                "a\(level): &a\(level) [\(Array(repeating: body, count: 9).joined(separator: ","))]"
        }.joined(separator: "\n")
        bench.commit(
            "one",
            [
                "a/catalog-info.yaml": Self.component("good"), "bomb/catalog-info.yaml": bomb,
                "loop/catalog-info.yaml": "a: &a [*a]",
                "text/catalog-info.yaml": Self.component(
                    "t",
                    "  description: {$text: /etc/passwd}"
                ),
                "out/catalog-info.yaml": Self.location("../../../../etc/passwd.yaml"),
                "many/catalog-info.yaml": Array(repeating: "---\na: 1", count: 1_100)
                    .joined(separator: "\n"),
                "case/catalog-info.yaml": [Self.component("Same"), Self.component("same")]
                    .joined(separator: "\n---\n"),
            ]
        )
        bench.shell.run(
            """
            mkdir one/big && head -c 50000000 /dev/zero | tr '\\0' a > one/big/catalog-info.yaml \
            && ln -s /etc/passwd one/catalog-info.yaml && git -C one add -A \
            && git -C one commit -qm big
            """
        )
        let walk = try await bench.walk("https://git.test/one.git//**/catalog-info.yaml")
        #expect(walk.status.files == 8)
        #expect(
            Set(bench.names) == [
                "component:default/good", "component:default/same",
                "location:default/all",
            ]
        )
        let codes = Set(bench.codes)
        for code in [
            "too-large", "invalid-yaml", "placeholder", "invalid-target", "twice",
            "too-many-documents",
        ] { #expect(codes.contains(code), "\(code)") }
    }
}
