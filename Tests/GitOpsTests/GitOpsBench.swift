import Contract
import Domain
import EventLoop
import Git
import GitOps
import JSON
import Synchronization
import TestSupport

/// The provider on a folder of its own, with records in memory and a blueprint of two versions.
struct GitOpsBench: Sendable {
    let folder: TemporaryDirectory
    let layout: RepositoryLayout
    let git: GitService
    let records: MemoryRecords
    let gitOps: GitOps

    private static let clock: @Sendable () -> Instant = {
        Instant(microseconds: 1_800_000_000_000_000)
    }

    /// Runs `body` on a loop.
    static func run(_ body: @escaping @Sendable (GitOpsBench) async throws -> Void) async throws {
        let folder = TemporaryDirectory()
        let group = try EventLoopGroup(count: 1)
        group.start()
        let pool = BlockingPool(threads: 4, queueLimit: 1_000, name: "git")
        let git = GitService(pool: pool, group: group, home: "\(folder.path)/home")
        let layout = RepositoryLayout(
            root: "\(folder.path)/repositories",
            baseURL: "http://127.0.0.1:8080/git"
        )
        let records = MemoryRecords()
        let bench = GitOpsBench(
            folder: folder,
            layout: layout,
            git: git,
            records: records,
            gitOps: GitOps(
                git: git,
                records: records,
                layout: layout,
                clock: clock
            )
        )
        let task = Task(executorPreference: group.loops[0]) {
            try await bench.plant()
            try await body(bench)
        }
        let result = await task.result
        pool.stop()
        group.stop()
        try result.get()
    }

    /// The repository that the blueprint comes from.
    var source: String { "\(folder.path)/source.git" }

    private func plant() async throws {
        let one = [
            "blueprint.yaml": Self.manifest, "README.md": "# ${TENANT}\n",
            "clusters/${CLUSTER_NAME}/sync.yaml": "region: ${REGION}\n",
            "apps/web.yaml": "image: web:1\n\n\nreplicas: 1\n",
        ]
        try await commit(one, tag: "v1.0.0")
        var two = one
        two["apps/web.yaml"] = "image: web:2\n\n\nreplicas: 1\n"
        two["apps/new.yaml"] = "new: true\n"
        try await commit(two, tag: "v1.1.0")
        let blueprint = Blueprint(
            id: Self.blueprintID,
            name: try BlueprintName(parsing: "platform"),
            labels: Labels(),
            spec: BlueprintSpec(url: source),
            status: BlueprintStatus(phase: .pending),
            generation: 1,
            revision: 1,
            createdAt: Instant(microseconds: 0),
            updatedAt: Instant(microseconds: 0)
        )
        records.set(blueprint)
    }

    static let blueprintID = BlueprintID(high: 7, low: 7)

    private static let manifest = """
        apiVersion: slipway.dev/v1
        kind: Blueprint
        metadata:
          name: platform
          description: A small platform.
        parameters:
          type: object
          additionalProperties: false
          properties:
            region: {type: string, default: north}
        variables:
          REGION: /region
        substitute:
          - README.md
          - clusters/**

        """

    /// Commits exactly these files to the blueprint's repository and tags the commit.
    func commit(_ files: [String: String], tag: String) async throws {
        let source = source
        try await git.create(at: source)
        let files = try files.map { path, text in
            TreeFile(path: try RepositoryPath(parsing: path), content: .bytes(Array(text.utf8)))
        }
        try await git.open(source) { repository throws(GitFault) in
            let person = Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_000)
            let text = CommitText(message: "Make \(tag)", author: person, committer: person)
            let head = try repository.commit(named: "refs/heads/main")
            let commit = try repository.writeCommit(
                tree: try repository.writeTree(files),
                parents: head.map { [$0] } ?? [],
                text: text
            )
            try repository.move("refs/heads/main", from: head, to: commit)
            try repository.tag(tag, commit: commit, message: "Version \(tag)", by: person)
        }
    }

    /// A commit of the tenant's own people.
    func push(_ path: String, _ content: String, to tenant: String) async throws {
        let path = try RepositoryPath(parsing: path)
        let platform = layout.platform(of: try TenantName(parsing: tenant))
        try await git.open(platform) { repository throws(GitFault) in
            let person = Signature(name: "Bob", email: "bob@example.org", seconds: 1_700_000_100)
            let text = CommitText(message: "Change \(path)", author: person, committer: person)
            _ = try repository.commit(onto: "main", text: text) { _, _ throws(GitFault) in
                [.put(TreeFile(path: path, content: .bytes(Array(content.utf8))))]
            }
        }
    }

    /// Writes files to a repository as a person would.
    func write(_ files: [String: String], to repository: String) async throws {
        let files = try files.map { path, text in
            TreeFile(path: try RepositoryPath(parsing: path), content: .bytes(Array(text.utf8)))
        }
        try await git.open(repository) { repository throws(GitFault) in
            let person = Signature(name: "Bob", email: "bob@example.org", seconds: 1_700_000_100)
            let text = CommitText(message: "Change files", author: person, committer: person)
            _ = try repository.commit(onto: "main", text: text) { _, _ throws(GitFault) in
                files.map { .put($0) }
            }
        }
    }

    /// Looks for the blueprint's versions and keeps them.
    func refresh() async throws {
        let job = JobID(high: 9, low: 9)
        let report = await trial(
            .blueprintRefresh,
            job: job,
            subject: .blueprint(Self.blueprintID, try BlueprintName(parsing: "platform"))
        ).run()
        guard report.isComplete else { throw TrialFault(outcomes: report.outcomes) }
        records.take(report.outcomes)
    }

    /// A tenant that is wanted.
    func tenant(_ name: String, version: String? = nil) throws -> Tenant {
        let id = TenantID(high: UInt64(bitPattern: Int64(name.hashValue)), low: 1)
        let tenant = Tenant(
            id: id,
            name: try TenantName(parsing: name),
            labels: Labels(),
            spec: TenantSpec(
                displayName: name,
                blueprint: BlueprintChoice(
                    name: try BlueprintName(parsing: "platform"),
                    version: version
                )
            ),
            status: TenantStatus(phase: .pending),
            blueprint: Self.blueprintID,
            repository: nil,
            generation: 1,
            revision: 1,
            createdAt: Instant(microseconds: 1_750_000_000_000_000),
            updatedAt: Instant(microseconds: 1_750_000_000_000_000)
        )
        records.set(tenant)
        return tenant
    }

    /// A job about a tenant, and what can be seen of it from outside.
    func trial(
        _ kind: JobKind,
        of tenant: Tenant,
        job: UInt64
    ) -> WorkflowTrial<[String]> {
        trial(
            kind,
            job: JobID(high: job, low: tenant.id.high),
            subject: tenant.reference,
            tenant: tenant
        )
    }

    private func trial(
        _ kind: JobKind,
        job: JobID,
        subject: ObjectReference,
        tenant: Tenant? = nil
    ) -> WorkflowTrial<[String]> {
        let elsewhere = GitOps(
            git: git,
            records: records,
            layout: RepositoryLayout(root: layout.root, baseURL: "https://elsewhere.example/git"),
            clock: Self.clock
        )
        return WorkflowTrial(
            workflow(kind, of: gitOps),
            successor: workflow(kind, of: elsewhere),
            job: job,
            subject: subject,
            tenant: tenant?.id
        ) {
            try await self.world(of: tenant)
        }
    }

    private func workflow(_ kind: JobKind, of gitOps: GitOps) -> Workflow {
        guard let workflow = gitOps.workflows.first(where: { $0.kind == kind }) else {
            preconditionFailure("no workflow of kind \(kind)")
        }
        return workflow
    }

    /// Runs a job to its end and keeps what it found out.
    @discardableResult
    func run(_ kind: JobKind, of tenant: Tenant, job: UInt64) async throws -> [Outcome] {
        let report = await trial(kind, of: tenant, job: job).run()
        records.take(report.outcomes, for: tenant.id)
        return report.outcomes
    }

    /// The commits of the tenant's and the management repository, newest first.
    func world(of tenant: Tenant?) async throws -> [String] {
        var world = try await commits(in: layout.management)
        if let tenant { world += try await commits(in: layout.platform(of: tenant.name)) }
        return world
    }

    /// The subjects and ids of a repository's commits, newest first.
    func commits(in path: String) async throws -> [String] {
        do {
            return try await git.open(path) { repository throws(GitFault) in
                guard let head = try repository.commit(named: "refs/heads/main") else { return [] }
                return try repository.log(from: head, limit: 1_000).map { commit in
                    "\(commit.id) \(commit.message.prefix { $0 != "\n" })"
                }
            }
        } catch GitFault.notFound {
            return ["absent"]
        }
    }

    /// A file at the head of a repository.
    func file(_ path: String, in repository: String) async throws -> String? {
        let path = try RepositoryPath(parsing: path)
        return try await git.open(repository) { repository throws(GitFault) in
            guard let head = try repository.commit(named: "refs/heads/main") else { return nil }
            return try repository.file(path, of: head).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

/// A job of the bench's own that did not get to its end.
struct TrialFault: Error {
    let outcomes: [Outcome]
}
