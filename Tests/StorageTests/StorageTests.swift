import Domain
import EventLoop
import JSON
import Logging
import Postgres
import Secrets
import TestSupport
import Testing

@testable import Storage

/// Everything about stores, one test after the other: each has a server's worth of sessions.
@Suite(.serialized) enum StorageTests {}

/// A storage on a database of its own, and the means to fill it.
struct Fixture: Sendable {
    let storage: Storage
    let database: TestDatabase
    let blueprint: Blueprint
    /// A token whose receipts are kept.
    let token = TokenID(high: 7, low: 7)

    static let start = Domain.Instant(microseconds: 1_795_222_800_000_000)

    /// Runs a test with a storage that holds one blueprint.
    static func run(_ body: (Fixture) async throws -> Void) async throws {
        let test = try TestDatabase(migrations: embeddedMigrations)
        let group = try EventLoopGroup(count: 1)
        group.start()
        let database = Database(
            group: group,
            connection: test.connection,
            logger: Logger(label: "test")
        )
        try await database.start()
        let storage = Storage(database)
        do {
            let fixture = try await Fixture(storage, test)
            try await body(fixture)
        } catch {
            await database.stop()
            group.stop()
            throw error
        }
        await database.stop()
        group.stop()
    }

    private init(_ storage: Storage, _ database: TestDatabase) async throws {
        self.storage = storage
        self.database = database
        let decision = Blueprint.creation(
            id: Self.id(),
            name: try BlueprintName(parsing: "base"),
            labels: Labels(),
            spec: BlueprintSpec(url: "/srv/base.git"),
            on: Self.occasion()
        )
        blueprint = decision.blueprint
        _ = try await storage.blueprints.create(
            decision,
            credentials: .replace(sealed: "sealed"),
            for: .system("test")
        )
    }

    static func id<Subject>() -> ID<Subject> {
        var random = SystemRandomNumberGenerator()
        return ID(at: start, using: &random)
    }

    static func occasion(after seconds: Int = 0) -> Occasion {
        var random = SystemRandomNumberGenerator()
        return Occasion(at: start.advanced(by: .seconds(seconds)), using: &random)
    }

    func call(
        as access: Access = .platform(.platformAdmin),
        _ operation: String = "test",
        receipt: Receipt? = nil
    ) -> Call {
        Call(
            access: access,
            token: token,
            actor: "tester",
            operation: operation,
            peer: "127.0.0.1",
            requestID: "r-1",
            at: Self.start,
            receipt: receipt
        )
    }

    func receipt(_ key: String, payload: String = "payload") -> Receipt {
        Receipt(
            key: key,
            fingerprint: SHA256.hash(payload),
            answer: StoredAnswer(
                status: 202,
                headers: [.init(name: "Location", value: "/v1/jobs/1")],
                body: Array("{\"first\":\"\(payload)\"}".utf8)
            )
        )
    }

    func creation(
        of name: String,
        labels: [(String, String)] = [],
        after seconds: Int = 0
    ) throws -> Tenant.Decision {
        Tenant.creation(
            id: Self.id(),
            name: try TenantName(parsing: name),
            labels: try Labels(parsing: labels.map { (key: $0.0, value: $0.1) }),
            spec: TenantSpec(
                displayName: name,
                owners: ["owner@example.org"],
                blueprint: BlueprintChoice(name: blueprint.name)
            ),
            blueprint: blueprint.id,
            on: Self.occasion(after: seconds)
        )
    }

    /// Stores a tenant and returns it.
    @discardableResult
    func tenant(
        _ name: String,
        labels: [(String, String)] = [],
        after seconds: Int = 0
    ) async throws -> Tenant {
        let decision = try creation(of: name, labels: labels, after: seconds)
        let outcome = try await storage.tenants.create(decision, for: call())
        #expect(outcome == .written)
        return decision.tenant
    }

    /// The rows of a table.
    func count(_ table: String, where condition: String = "true") throws -> Int {
        let rows = try database.run("SELECT count(*) FROM \(table) WHERE \(condition)")
        return try #require(rows[0][0].flatMap { Int($0) })
    }
}

extension Call {
    static func system(_ operation: String) -> Call {
        .system(operation, requestID: "r-0", at: Fixture.start)
    }
}
