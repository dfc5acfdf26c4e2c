import Domain
import EventLoop
import HTTP
import JSON
import Logging
import Outbound
import Postgres
import Secrets
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Forges
@testable import slipway

/// A database with a source whose pull request has an environment, a forge over real HTTP, and a
/// reporter between them on a clock of the test's.
struct ForgeTrial: Sendable {
    static let token = "forge-token-of-the-test"
    static let revision = "9f1c3e5a7b9d0f2e4c6a8b0d1e3f5a7c9b1d3e5f"

    let database: TestDatabase
    let storage: Storage
    let forge: FakeForge
    let reporter: ForgeReporter
    let outbound: OutboundClient
    let clock: SteppedClock

    static func run(
        _ kind: ForgeKind,
        report: String = "{}",
        _ body: @escaping @Sendable (ForgeTrial) async throws -> Void
    ) async throws {
        let test = try TestDatabase(migrations: embeddedMigrations)
        let group = try EventLoopGroup(count: 1)
        group.start()
        let loop = group.loops[0]
        let log = Logger(label: "test")
        let database = Database(group: group, connection: test.connection, logger: log)
        try await database.start()
        let forge = FakeForge(kind, token: token)
        let server = Server(group: group, handler: forge, limits: ServerLimits(), tls: nil)
        let address = try server.listen(on: .host("127.0.0.1", port: 0))
        let clock = SteppedClock()
        let sealer = Sealer(key: Array(1...32))
        let outbound = OutboundClient(on: loop)
        let trial = ForgeTrial(
            database: test,
            storage: Storage(database),
            forge: forge,
            reporter: ForgeReporter(
                records: StoredForges(store: Storage(database).forges),
                through: outbound,
                sealer: sealer,
                clock: { clock.now },
                log: log,
                report: { _ in }
            ),
            outbound: outbound,
            clock: clock
        )
        try trial.plant(kind, at: "http://\(address)", report, sealer)
        let result = await Task(executorPreference: loop) { try await body(trial) }.result
        await outbound.close()
        await server.drain(within: .seconds(1))
        await database.stop()
        group.stop()
        try result.get()
    }

    private func plant(
        _ kind: ForgeKind,
        at url: String,
        _ report: String,
        _ sealer: Sealer
    ) throws {
        let forge = "01936f00-0000-7000-8000-000000000501"
        let context = try ForgeID(parsing: forge).tokenContext
        let sealed = sealer.seal(Array(Self.token.utf8), context: context).text
        let now = clock.now
        try database.run(
            """
            INSERT INTO blueprint (id, name, labels, label_terms, spec, phase, status, generation,
                revision, created_at, updated_at)
            VALUES ('01900000-0000-7000-8000-000000000001', 'platform', '{}', '{}',
                '{"source":{"url":"/srv/platform.git"}}', 'ready', '{"phase":"ready"}', 1, 1,
                now(), now())
            """
        )
        try database.run(
            """
            INSERT INTO tenant (id, name, labels, label_terms, blueprint_id, spec, phase, status,
                generation, revision, created_at, updated_at)
            VALUES ('01900000-0000-7000-8000-000000000003', 'acme', '{}', '{}',
                '01900000-0000-7000-8000-000000000001', '{"blueprint":"platform"}', 'ready',
                '{"phase":"ready"}', 1, 1, now(), now())
            """
        )
        try database.run(
            """
            INSERT INTO environment (id, tenant_id, tenant_name, name, type, labels, label_terms,
                spec, is_awake, used_at, phase, status, generation, revision, created_at,
                updated_at)
            VALUES ('01936f00-0000-7000-8000-000000000401',
                '01900000-0000-7000-8000-000000000003', 'acme', 'pr-7', 'ephemeral', '{}', '{}',
                '{"type":"ephemeral","template":{"name":"web"},"placement":{"cluster":"main"}}',
                true, now(), 'deploying',
                '{"phase":"deploying","refreshedAt":"\(now)","usedAt":"\(now)"}', 1, 1, now(),
                now())
            """
        )
        try database.run(
            """
            INSERT INTO forge (id, name, labels, label_terms, kind, spec, token, phase, message,
                since, check_due_at, generation, revision, created_at, updated_at)
            VALUES ('\(forge)', 'own', '{}', '{}', '\(kind.rawValue)', '{"url":"\(url)"}',
                '\(sealed)', 'pending', 'Not looked at.', '\(now)', '\(now)', 1, 1, now(), now())
            """
        )
        try database.run(
            """
            INSERT INTO source (id, tenant_id, name, labels, label_terms, spec, forge_id,
                repository_key, secret, generation, revision, created_at, updated_at)
            VALUES ('01936f00-0000-7000-8000-000000000502',
                '01900000-0000-7000-8000-000000000003', 'shop', '{}', '{}',
                '{"forge":"own","repository":"acme/shop","report":\(report)}', '\(forge)',
                'acme/shop', 'sealed', 1, 1, now(), now())
            """
        )
        try database.run(
            """
            INSERT INTO source_thread (source_id, key, environment, revision, news, is_held,
                is_open, updated_at)
            VALUES ('01936f00-0000-7000-8000-000000000502', 'pull/7', 'pr-7', '\(Self.revision)',
                '{"repository":"acme/shop","type":"ping"}', false, true, now())
            """
        )
    }

    /// Brings the environment to a phase, as its job would.
    func bring(to phase: String, url: String? = nil) throws {
        let more = url.map { #","url":"\#($0)""# } ?? ""
        try database.run(
            """
            UPDATE environment
               SET phase = '\(phase)', revision = revision + 1,
                   status = '{"phase":"\(phase)","refreshedAt":"\(clock.now)",\
            "usedAt":"\(clock.now)"\(more)}'
            """
        )
    }

    func found(_ column: String, in table: String) throws -> String? {
        try database.run("SELECT \(column) FROM \(table)")[0][0]
    }
}

/// A clock that stands until it is set.
final class SteppedClock: Sendable {
    private let moment = Mutex(Domain.Instant(microseconds: 1_795_222_800_000_000))

    var now: Domain.Instant { moment.withLock { $0 } }

    func advance(by duration: Duration) {
        moment.withLock { $0 = $0.advanced(by: duration) }
    }
}
