import Contract
import Domain
import EventLoop
import Forges
import Git
import GitOps
import HTTP
import JSON
import Logging
import Outbound
import Postgres
import Secrets
import Storage
import TestSupport
import Testing

@testable import slipway

/// A tenant whose repository is on a forge that is played over real HTTP, with stock Git behind
/// it; the work on it as the program wires it.
struct HostedTrial: Sendable {
    static let token = "forge-token-of-the-test"
    static let path = "acme-platform/acme"

    let database: TestDatabase
    let storage: Storage
    let forge: FakeForge
    let address: String
    let git: GitService
    let layout: RepositoryLayout
    let hosts: StoredHosts
    let gitOps: GitOps
    let shell: Shell

    static func run(
        _ kind: ForgeKind,
        onDelete: RepositoryChoice.Ending = .archive,
        _ body: @escaping @Sendable (HostedTrial) async throws -> Void
    ) async throws {
        let test = try TestDatabase(migrations: embeddedMigrations)
        let group = try EventLoopGroup(count: 1)
        group.start()
        let loop = group.loops[0]
        // On a loop of its own: the tests block theirs while a person's Git speaks with it.
        let others = try EventLoopGroup(count: 1)
        others.start()
        let pool = BlockingPool(threads: 2, queueLimit: 100, name: "git")
        let log = Logger(label: "test")
        let database = Database(group: group, connection: test.connection, logger: log)
        try await database.start()
        let forge = FakeForge(kind, token: token, git: try ForgeGit())
        let server = Server(group: others, handler: forge, limits: ServerLimits(), tls: nil)
        let address = "\(try server.listen(on: .host("127.0.0.1", port: 0)))"
        let shell = Shell()
        let storage = Storage(database)
        let sealer = Sealer(key: Array(1...32))
        let outbound = OutboundClient(on: loop)
        let hosts = StoredHosts(store: storage.forges, sealer: sealer, outbound: outbound)
        let layout = RepositoryLayout(
            root: "\(shell.path)/repositories",
            baseURL: "http://127.0.0.1:8080/git"
        )
        let git = GitService(pool: pool, group: group, home: "\(shell.path)/home")
        let trial = HostedTrial(
            database: test,
            storage: storage,
            forge: forge,
            address: address,
            git: git,
            layout: layout,
            hosts: hosts,
            gitOps: GitOps(
                git: git,
                records: StoredRecords(storage: storage, sealer: sealer),
                layout: layout,
                hosts: hosts,
                clock: { Instant(microseconds: 1_800_000_000_000_000) }
            ),
            shell: shell
        )
        let result = await Task(executorPreference: loop) {
            try await trial.plant(kind, sealer, onDelete)
            try await body(trial)
        }.result
        await outbound.close()
        await server.drain(within: .seconds(1))
        await database.stop()
        pool.stop()
        others.stop()
        group.stop()
        try result.get()
    }

    static let tenantID = "01900000-0000-7000-8000-000000000003"

    private func plant(
        _ kind: ForgeKind,
        _ sealer: Sealer,
        _ onDelete: RepositoryChoice.Ending
    ) async throws {
        let blueprint = try plantBlueprint()
        let forge = "01936f00-0000-7000-8000-000000000501"
        let context = try ForgeID(parsing: forge).tokenContext
        let sealed = sealer.seal(Array(Self.token.utf8), context: context).text
        let key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabg"
        let known = "[127.0.0.1]:2222 ssh-ed25519 \(key)"
        let base = ["github": "api/v3", "gitlab": "api/v4", "gitea": "api/v1"][kind.rawValue] ?? ""
        try database.run(
            """
            INSERT INTO forge (id, name, labels, label_terms, kind, spec, token, phase, message,
                since, check_due_at, generation, revision, created_at, updated_at)
            VALUES ('\(forge)', 'own', '{}', '{}', '\(kind.rawValue)',
                '{"url":"http://\(address)/\(base)","repositories":{"owner":"acme-platform",
                    "knownHosts":["\(known)"]}}',
                '\(sealed)', 'pending', 'Not looked at.', now(), now(), 1, 1, now(), now());
            INSERT INTO blueprint (id, name, labels, label_terms, spec, phase, status, generation,
                revision, created_at, updated_at)
            VALUES ('01900000-0000-7000-8000-000000000001', 'platform', '{}', '{}',
                '{"source":{"url":"/srv/platform.git"}}', 'ready', '{"phase":"ready"}', 1, 1,
                now(), now());
            INSERT INTO blueprint_version (id, blueprint_id, version, sort_key, tag, commit,
                state, parameters, summary, created_at, updated_at)
            VALUES ('01900000-0000-7000-8000-000000000011',
                    '01900000-0000-7000-8000-000000000001', '1.0.0', 'a', 'v1.0.0',
                    '\(blueprint.one)', 'default', '{}', 'One', now(), now()),
                   ('01900000-0000-7000-8000-000000000012',
                    '01900000-0000-7000-8000-000000000001', '1.1.0', 'b', 'v1.1.0',
                    '\(blueprint.two)', 'proposed', '{}', 'Two', now(), now());
            INSERT INTO tenant (id, name, labels, label_terms, blueprint_id, spec, phase, status,
                generation, revision, forge_id, created_at, updated_at)
            VALUES ('\(Self.tenantID)', 'acme', '{}', '{}',
                '01900000-0000-7000-8000-000000000001', '{"displayName":"acme",
                "blueprint":"platform","version":"1.0.0","repository":{"protected":false,
                "forge":"own","owner":"acme-platform","name":"acme",
                "onDelete":"\(onDelete.rawValue)"}}', 'pending',
                '{"phase":"pending"}', 1, 1, '\(forge)', now(), now())
            """
        )
    }

    /// Two versions of a blueprint in the place of its mirror.
    private func plantBlueprint() throws -> (one: String, two: String) {
        let mirror = layout.mirror(of: try BlueprintName(parsing: "platform"))
        let made = shell.run(
            """
            git init -q -b main source && cd source && \
            printf 'apiVersion: slipway.dev/v1\\nkind: Blueprint\\nmetadata:\\n  name: platform\\n\
              description: Small.\\nsubstitute:\\n  - README.md\\n' >blueprint.yaml && \
            printf '# ${TENANT} ${REPOSITORY_URL}\\n' >README.md && \
            echo 'image: web:1' >web.yaml && \
            git add . && git commit -qm One && git tag v1.0.0 && \
            echo 'image: web:2' >web.yaml && git commit -qam Two && git tag v1.1.0 && \
            mkdir -p "$(dirname '\(mirror)')" && git clone -q --mirror . '\(mirror)'
            """
        )
        try #require(made)
        return (
            shell.output(of: "git -C source rev-parse v1.0.0"),
            shell.output(of: "git -C source rev-parse v1.1.0")
        )
    }

    /// The tenant as it is stored.
    func tenant() async throws -> Tenant {
        let id = try TenantID(parsing: Self.tenantID)
        return try #require(try await storage.tenants.find(id, as: .system)).tenant()
    }

    /// A job about the tenant; seen from outside are what the forge has and what is known of it.
    func trial(_ kind: JobKind, job: UInt64) async throws -> WorkflowTrial<[String]> {
        let workflow = try #require(gitOps.workflows.first { $0.kind == kind })
        let tenant = try await tenant()
        return WorkflowTrial(
            workflow,
            job: JobID(high: job, low: job),
            subject: tenant.reference,
            tenant: tenant.id
        ) {
            try self.world()
        }
    }

    /// Runs a job until it stops, and keeps what it found out.
    @discardableResult
    func run(_ kind: JobKind, job: UInt64) async throws -> [Outcome] {
        let report = try await trial(kind, job: job).run()
        for case .done(let evidence) in report.outcomes {
            for case .repository(let found) in evidence.facts {
                var writer = JSONWriter()
                found.write(to: &writer)
                let text = String(decoding: writer.finish(), as: UTF8.self)
                try database.run("UPDATE tenant SET repository = '\(text)'")
            }
        }
        return report.outcomes
    }

    private func world() throws -> [String] {
        var world = forge.repositories.map { "\($0.path) \($0.isArchived) \($0.readers.count)" }
        world += try history()
        world += try database.run("SELECT remote_id, root FROM forge_repository")
            .map { "\($0)" }
        return world
    }

    /// The subjects of the commits that the forge has, newest first.
    func history() throws -> [String] {
        guard let folder = forge.folder(of: Self.path) else { return [] }
        let log = "git -C '\(folder)' log --format='%H %s' main 2>/dev/null || true"
        let text = shell.output(of: log)
        return text.split(separator: "\n").map(String.init)
    }

    /// A file as the forge has it.
    func file(_ path: String) -> String {
        shell.output(of: "git -C '\(forge.folder(of: Self.path) ?? "")' show main:\(path)")
    }

    /// A commit that a person pushes to the forge.
    @discardableResult
    func push(_ line: String, _ subject: String) -> Bool {
        let url = "http://git:\(Self.token)@\(address)/\(Self.path).git"
        return shell.run(
            """
            rm -rf copy && git clone -q '\(url)' copy && cd copy && \(line) && git add -A && \
            git commit -qm '\(subject)' && git push -q origin main
            """
        )
    }
}
