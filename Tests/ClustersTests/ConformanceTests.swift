import Clusters
import Contract
import Domain
import EventLoop
import Glibc
import JSON
import Kubernetes
import Outbound
import TestSupport
import Testing

/// What every kind of cluster must do by every delivery.
@Suite(.timeLimit(.minutes(10))) struct ConformanceTests {
    /// The kubeconfig of a real API server; nil where there is none.
    private static let path = getenv("SLIPWAY_TEST_KUBECONFIG").map { String(cString: $0) }

    @Test(arguments: ClusterBench.Form.all)
    func `every kind conforms in the sandbox, whoever dies when`(
        _ form: ClusterBench.Form
    ) async throws {
        try await ClusterBench.run(form, on: .sandbox()) { bench in
            try await Self.conforms(bench, form)
        }
    }

    @Test(.enabled(if: path != nil, "SLIPWAY_TEST_KUBECONFIG"), arguments: ClusterBench.Form.all)
    func `every kind conforms on a real API server, whoever dies when`(
        _ form: ClusterBench.Form
    ) async throws {
        let path = try #require(Self.path)
        let server = ServerOpening { loop, _ in
            let config = try Kubeconfig(
                parsing: try Self.contents(of: path),
                origin: .trusted { try Self.contents(of: $0) }
            )
            let lanes = OutboundLanes(on: loop)
            let transport = OutboundTransport(
                lanes: lanes,
                credentials: Credentials(config.access)
            )
            return PlayedServer(
                transport: transport,
                tenants: { _ in transport },
                isReal: true,
                turn: {},
                close: { await lanes.close() }
            )
        }
        try await ClusterBench.run(form, on: server) { bench in
            try await Self.conforms(bench, form)
        }
    }

    private static func conforms(_ bench: ClusterBench, _ form: ClusterBench.Form) async throws {
        try await run(.clusterCreate, 1, bench)
        let made = try #require(try await bench.current)
        #expect(made.status.phase == .ready)
        #expect(made.status.observedGeneration == 1)
        #expect(made.status.seen.rootUID != nil)
        #expect(made.status.seen.drift.isEmpty, "\(made.status.seen.drift)")
        // A process that ended before it had written its token down has left that to be revoked.
        #expect(bench.records.tokens == 1)
        let place = form.kind == .namespace ? bench.slug.accessNamespace : bench.namespace
        #expect(try await bench.object("", "Secret", "platform-git", in: place) != nil)

        if form.kind == .cluster {
            try await upgrades(bench)
        } else {
            let before = try await quotas(bench)
            try await bench.change { $0.quota.pods = 77 }
            try await run(.clusterUpdate, 2, bench)
            #expect(try await quotas(bench) != before)
        }
        #expect(try await bench.current?.status.observedGeneration == 2)
        if form.kind == .vcluster { try await sleepsAndWakes(bench) }
        try await run(.clusterDelete, 9, bench)
        #expect(try await bench.current == nil)
        #expect(try await bench.world().filter { $0.contains("\(bench.slug)") }.isEmpty)
        #expect(try await bench.files().allSatisfy { !$0.contains("/web") })
        #expect(bench.records.tokens == 0)
    }

    private static func upgrades(_ bench: ClusterBench) async throws {
        #expect(try await bench.current?.status.seen.controlPlaneVersion == "1.34.2")
        try await bench.change { $0.kubernetesVersion = "1.35.0" }
        try await run(.clusterUpdate, 2, bench)
        let seen = try #require(try await bench.current).status.seen
        #expect(seen.controlPlaneVersion == "1.35.0")
        #expect(seen.workersVersion == "1.35.0")
        #expect(!bench.player.sawNodesFirst)
    }

    /// What may be used up, as the API server has it.
    private static func quotas(_ bench: ClusterBench) async throws -> [JSON] {
        try await bench.client.list(
            GroupKind(kind: "ResourceQuota"),
            namespace: bench.namespace
        ).items.map { .object($0.spec) }
    }

    private static func sleepsAndWakes(_ bench: ClusterBench) async throws {
        let name = "\(bench.slug)"
        try await bench.change { $0.asleep = true }
        try await run(.clusterUpdate, 3, bench)
        #expect(try await bench.current?.status.phase == .asleep)
        let asleep = try await bench.object("apps", "StatefulSet", name)
        #expect(asleep?.spec["replicas"]?.int == 0)
        #expect(try await bench.object("", "Pod", "web-x-default-x-\(name)") == nil)

        try await bench.change { $0.asleep = false }
        try await run(.clusterUpdate, 4, bench)
        #expect(try await bench.current?.status.phase == .ready)
        let awake = try await bench.object("apps", "StatefulSet", name)
        #expect(awake?.spec["replicas"]?.int == 1)
        #expect(awake?.annotations["loft.sh/paused"] == nil)
    }

    private static func run(_ kind: JobKind, _ number: UInt64, _ bench: ClusterBench) async throws {
        let faults = try await ClusterTrial(bench: bench, kind: kind, number: number).faults()
        #expect(faults.isEmpty, "\(kind): \(faults)")
        try #require(faults.allSatisfy { $0.contains("different") })
    }

    private static func contents(of path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemFault(call: "open", errno: errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &piece, piece.count)
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
        }
    }
}
