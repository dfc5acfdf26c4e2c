import Domain
import EventLoop
import JSON
import Logging
import Postgres
import Sandbox
import SandboxSupport
import Storage
import Synchronization
import TestSupport
import Testing

@testable import slipway

/// Everything about the sandbox, one test after the other: half of them have a database.
@Suite(.serialized) enum SandboxTests {}

/// Where a test's records are kept.
enum Keeping: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case postgres

    var testDescription: String { rawValue }
}

/// A clock that a test moves.
final class ManualClock: Sendable {
    private let micros = Mutex<Int64>(1_795_222_800_000_000)

    var now: Domain.Instant { Domain.Instant(microseconds: micros.withLock { $0 }) }

    func advance(by duration: Duration) {
        micros.withLock { $0 += duration.components.seconds * 1_000_000 }
    }
}

/// A management cluster and the means to speak to it.
struct Stage: Sendable {
    let server: SandboxServer
    let clock: ManualClock

    var cluster: SandboxCluster { server.cluster(SandboxServer.management) }

    /// Runs a test on an event loop with a fresh sandbox that holds the namespace `shop`.
    static func run(
        _ keeping: Keeping = .memory,
        _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup(count: 1)
        group.start()
        defer { group.stop() }
        let clock = ManualClock()
        try await withTaskExecutorPreference(group.loops[0]) {
            switch keeping {
            case .memory:
                try await run(MemorySandbox(clock: { clock.now }), clock, body)
            case .postgres:
                let test = try TestDatabase(migrations: embeddedMigrations)
                let database = Database(
                    group: group,
                    connection: test.connection,
                    logger: Logger(label: "test")
                )
                try await database.start()
                do {
                    let records = StoredSandbox(store: Storage(database).sandbox)
                    try await run(records, clock, body)
                } catch {
                    await database.stop()
                    throw error
                }
                await database.stop()
            }
        }
    }

    private static func run(
        _ records: any SandboxRecords,
        _ clock: ManualClock,
        _ body: @Sendable (Stage) async throws -> Void
    ) async throws {
        let server = SandboxServer(
            records: records,
            settings: .init(baseURL: "http://localhost/sandbox", clock: { clock.now }),
            key: Array(repeating: 7, count: 32)
        )
        let stage = Stage(server: server, clock: clock)
        try await stage.cluster.make()
        try await stage.cluster.create([
            "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"],
        ])
        try await body(stage)
        server.close()
    }

    /// What a request is answered: its status and JSON.
    @discardableResult
    func call(
        _ method: String,
        _ target: String,
        _ body: JSON? = nil,
        type: String = "application/json",
        accept: String? = nil,
        token: String? = nil,
        cluster: String = SandboxServer.management
    ) async throws -> (status: Int, json: JSON) {
        try await send(
            method,
            target,
            body?.serialized() ?? [],
            type: type,
            accept: accept,
            token: token,
            cluster: cluster
        )
    }

    @discardableResult
    func send(
        _ method: String,
        _ target: String,
        _ body: [UInt8],
        type: String = "application/json",
        accept: String? = nil,
        token: String? = nil,
        cluster: String = SandboxServer.management
    ) async throws -> (status: Int, json: JSON) {
        let answer = await answer(method, target, body, type, accept, token, cluster)
        guard case .bytes(let bytes) = answer.body else { return (answer.status, .null) }
        let isJSON = answer.headers.contains { $0.value.hasPrefix("application/json") }
        return (
            answer.status,
            isJSON ? try JSON.parse(bytes) : .string(String(decoding: bytes, as: UTF8.self))
        )
    }

    func answer(
        _ method: String,
        _ target: String,
        _ body: [UInt8] = [],
        _ type: String = "application/json",
        _ accept: String? = nil,
        _ token: String? = nil,
        _ cluster: String = SandboxServer.management
    ) async -> SandboxAnswer {
        let parts = target.split(separator: "?", maxSplits: 1)
        var headers = [(name: "Content-Type", value: type), (name: "User-Agent", value: "test/1")]
        if let accept { headers.append((name: "Accept", value: accept)) }
        if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
        return await server.respond(
            to: SandboxRequest(
                cluster: cluster,
                method: method,
                path: String(parts[0]),
                query: parts.count > 1 ? String(parts[1]) : nil,
                headers: headers,
                body: body,
                caller: token == nil ? .administrator("tester") : .header
            )
        )
    }

    /// Server-side apply.
    @discardableResult
    func apply(
        _ object: JSON,
        at path: String,
        as manager: String,
        force: Bool = false
    ) async throws -> (status: Int, json: JSON) {
        try await call(
            "PATCH",
            "\(path)?fieldManager=\(manager)&force=\(force)",
            object,
            type: "application/apply-patch+yaml"
        )
    }

    /// A ConfigMap.
    static func map(
        _ name: String,
        _ data: JSONObject = JSONObject(),
        labels: JSON? = nil
    ) -> JSON {
        var metadata: JSONObject = JSONObject()
        metadata["name"] = .string(name)
        metadata["labels"] = labels
        var object = JSONObject()
        object["apiVersion"] = "v1"
        object["kind"] = "ConfigMap"
        object["metadata"] = .object(metadata)
        object["data"] = .object(data)
        return .object(object)
    }

    static let maps = "/api/v1/namespaces/shop/configmaps"
}
