import Domain
import EventLoop
import JSON
import SandboxSupport
import Synchronization
import Testing

@testable import Sandbox

/// A sandbox whose clock a test moves.
struct Trial: Sendable {
    let server: SandboxServer
    let controllers: SandboxControllers
    let repositories: PlayedRepositories
    private let clock: TrialClock
    private let complaints: Complaints

    var management: SandboxCluster { server.cluster(SandboxServer.management) }

    /// Runs a test on an event loop, with a management cluster and the namespace `t-acme`.
    static func run(_ body: @escaping @Sendable (Trial) async throws -> Void) async throws {
        let group = try EventLoopGroup(count: 1)
        group.start()
        defer { group.stop() }
        try await withTaskExecutorPreference(group.loops[0]) {
            let trial = Trial()
            let play = SandboxPlay(repositories: trial.repositories)
            try await play.furnish(trial.server, reading: nil)
            try await trial.namespace("t-acme", in: trial.management)
            try await trial.pass(3)
            try await body(trial)
            #expect(trial.complaints.all == [])
            trial.server.close()
        }
    }

    private init() {
        let clock = TrialClock()
        let complaints = Complaints()
        self.clock = clock
        self.complaints = complaints
        repositories = PlayedRepositories()
        server = SandboxServer(
            records: MemorySandbox(),
            settings: .init(baseURL: "http://localhost:8080/sandbox", clock: { clock.now }),
            key: Array(repeating: 7, count: 32)
        )
        let play = SandboxPlay(repositories: repositories)
        controllers = SandboxControllers(
            server,
            controllers: play.controllers,
            holder: "test",
            report: { complaints.add($0) }
        )
    }

    /// Lets time pass, with everything done that is due, four times a second.
    func pass(_ seconds: Int) async throws {
        try await controllers.settle()
        for _ in 0..<(seconds * 4) {
            clock.advance(by: .milliseconds(250))
            try await controllers.settle()
        }
    }

    /// What is written, in as many documents as there are.
    func apply(_ yaml: String, in cluster: SandboxCluster? = nil) async throws {
        for manifest in try Manifests.read(yaml) {
            try await (cluster ?? management).apply(manifest, as: "slipway")
        }
    }

    func namespace(_ name: String, in cluster: SandboxCluster) async throws {
        try await cluster.create([
            "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
        ])
    }

    /// Something goes wrong from now on.
    func fault(
        _ effect: String,
        _ kind: String,
        _ name: String,
        in cluster: SandboxCluster? = nil
    ) async throws {
        try await (cluster ?? management).apply(
            [
                "apiVersion": "sandbox.slipway.dev/v1", "kind": "Fault",
                "metadata": ["name": "f"],
                "spec": [
                    "target": ["kind": .string(kind), "name": .string(name)],
                    "effect": .string(effect), "message": "as the test wants it",
                ],
            ],
            as: "test"
        )
    }

    func heal(in cluster: SandboxCluster? = nil) async throws {
        try await (cluster ?? management).delete(SandboxKey(.fault, "f"))
    }

    /// The status of a condition, and `-` where there is none.
    func condition(_ key: SandboxKey, _ type: String) async throws -> String {
        try await management.get(key)?.condition(type)?["status"]?.string ?? "-"
    }

    func reason(_ key: SandboxKey, _ type: String) async throws -> String {
        try await management.get(key)?.condition(type)?["reason"]?.string ?? "-"
    }

    /// Revisions of all clusters: the same again when nothing was written.
    func revisions() async throws -> [String: Int64] {
        var all: [String: Int64] = [:]
        for head in try await server.records.heads() { all[head.cluster] = head.revision }
        return all
    }
}

/// A clock that a test moves.
private final class TrialClock: Sendable {
    private let micros = Mutex<Int64>(1_795_222_800_000_000)

    var now: Instant { Instant(microseconds: micros.withLock { $0 }) }

    func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        micros.withLock { $0 += seconds * 1_000_000 + attoseconds / 1_000_000_000_000 }
    }
}

/// What the runner complained of.
private final class Complaints: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
