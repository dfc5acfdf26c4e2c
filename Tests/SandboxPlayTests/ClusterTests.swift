import JSON
import Testing

@testable import Sandbox

/// Cluster API as the sandbox plays it.
@Suite struct ClusterTests {
    private static let cluster = SandboxKey(.capiCluster, "t-acme", "acme")
    private static let pool = SandboxKey(.machineDeployment, "t-acme", "acme-md-0")
    private static let plane = SandboxKey(
        SandboxKind("controlplane.cluster.x-k8s.io", "KubeadmControlPlane"),
        "t-acme",
        "acme"
    )
    private static let infrastructure = SandboxKey(
        SandboxKind("infrastructure.cluster.x-k8s.io", "DevCluster"),
        "t-acme",
        "acme"
    )

    @Test func `a cluster becomes available, with nodes and a kubeconfig`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.plain())
            try await trial.pass(1)
            #expect(try await trial.condition(Self.cluster, "Available") == "False")
            try await trial.pass(12)
            let cluster = try #require(try await trial.management.get(Self.cluster))
            #expect(cluster.condition("Available")?["status"] == "True")
            #expect(cluster.status["phase"] == "Provisioned")
            #expect(cluster.status["initialization"]?["controlPlaneInitialized"] == true)
            #expect(cluster.status["controlPlane"]?["readyReplicas"] == 3)
            #expect(cluster.status["workers"]?["readyReplicas"] == 2)
            #expect(cluster.spec["controlPlaneEndpoint"]?["host"] == "localhost")
            let secret = SandboxKey(.secret, "t-acme", "acme-kubeconfig")
            let found = try #require(try await trial.management.get(secret))
            #expect(found.json["type"] == "cluster.x-k8s.io/secret")
            #expect(found.json["data"]?["value"] != nil)
            #expect(try await trial.server.cluster("acme").list(.node).count == 5)
            let pods = try await trial.server.cluster("acme").list(.pod)
            #expect(pods.contains { $0.name.hasPrefix("coredns") && $0.isReadyPod })
        }
    }

    @Test func `what is done is not done again`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.plain())
            try await trial.pass(15)
            let before = try await trial.revisions()
            try await trial.apply(Manifests.plain())
            try await trial.pass(70)
            #expect(try await trial.revisions() == before)
        }
    }

    @Test func `a topology makes a cluster, and upgrades its control plane first`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.topology)
            try await trial.pass(10)
            #expect(try await trial.condition(Self.cluster, "Available") == "True")
            #expect(
                try await trial.reason(Self.cluster, "TopologyReconciled") == "ReconcileSucceeded"
            )
            try await trial.management.update(Self.cluster) { cluster in
                let patch: JSON = ["version": "v1.35.0"]
                cluster.spec["topology"] = cluster.spec["topology"]?.merging(patch: patch)
            }
            var seen: [String] = []
            for _ in 0..<30 {
                try await trial.pass(1)
                let status = try await trial.management.get(Self.cluster)?.status
                let versions = ["controlPlane", "workers"].map { part in
                    (status?[part]?["versions"]?.array ?? []).compactMap { $0["version"]?.string }
                        .joined(separator: "+")
                }
                let text = versions.joined(separator: " ")
                if seen.last != text { seen.append(text) }
            }
            #expect(seen.last == "v1.35.0 v1.35.0")
            #expect(!seen.contains { $0.hasPrefix("v1.34.0 ") && $0.hasSuffix("v1.35.0") })
            #expect(
                try await trial.reason(Self.cluster, "TopologyReconciled") == "ReconcileSucceeded"
            )
        }
    }

    @Test func `machines come and go with the wish`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.plain())
            try await trial.pass(12)
            for wanted in [4, 1] {
                try await trial.management.update(Self.pool) {
                    $0.spec["replicas"] = .integer(wanted)
                }
                try await trial.pass(8)
                let pool = try #require(try await trial.management.get(Self.pool))
                #expect(pool.status["availableReplicas"]?.int == wanted)
                #expect(try await trial.server.cluster("acme").list(.node).count == wanted + 3)
            }
        }
    }

    @Test func `a control plane rolls out one machine at a time`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.plain())
            try await trial.pass(12)
            try await trial.management.update(Self.plane) { $0.spec["version"] = "v1.35.0" }
            var most = 0
            for _ in 0..<40 {
                try await trial.pass(1)
                let masters = try await trial.management.list(.machine)
                    .filter { $0.labels[ClusterMark.controlPlane] != nil }
                most = max(most, masters.count)
            }
            #expect(most == 4)
            #expect(try await trial.management.get(Self.plane)?.status["version"] == "v1.35.0")
            #expect(try await trial.condition(Self.cluster, "RollingOut") == "False")
        }
    }

    @Test func `deletion goes in order and leaves nothing`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.plain())
            try await trial.pass(12)
            try await trial.management.delete(Self.cluster)
            var reasons: [String] = []
            for second in 0..<15 {
                try await trial.pass(min(second, 1))
                let reason = try await trial.reason(Self.cluster, "Deleting")
                if reasons.last != reason { reasons.append(reason) }
            }
            let order = [
                "WaitingForWorkersDeletion", "WaitingForControlPlaneDeletion",
                "WaitingForInfrastructureDeletion", "-",
            ]
            #expect(reasons.filter { $0 != "NotDeleting" } == order)
            #expect(try await trial.management.list(.machine).isEmpty)
            #expect(try await trial.management.get(Self.infrastructure) == nil)
            #expect(try await trial.server.records.head(of: "acme") == nil)
            let secret = SandboxKey(.secret, "t-acme", "acme-kubeconfig")
            #expect(try await trial.management.get(secret) == nil)
        }
    }

    @Test func `a paused cluster stays as it is, also when it is deleted`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.plain())
            try await trial.pass(12)
            try await trial.management.update(Self.cluster) { $0.spec["paused"] = true }
            try await trial.pass(1)
            try await trial.management.delete(Self.cluster)
            try await trial.pass(10)
            #expect(try await trial.condition(Self.cluster, "Paused") == "True")
            #expect(try await trial.management.list(.machine).count == 5)
            try await trial.management.update(Self.cluster) { $0.spec["paused"] = nil }
            try await trial.pass(15)
            #expect(try await trial.management.get(Self.cluster) == nil)
        }
    }

    @Test(arguments: [
        ("infrastructureFails", "DevCluster", "acme", "InfrastructureReady"),
        ("infrastructureFails", "Cluster", "acme", "InfrastructureReady"),
        ("controlPlaneNeverUp", "Cluster", "acme", "ControlPlaneInitialized"),
        ("controlPlaneNeverUp", "KubeadmControlPlane", "acme", "ControlPlaneAvailable"),
        ("quota", "MachineDeployment", "acme-md-0", "WorkersAvailable"),
        ("neverReady", "Cluster", "acme", "RemoteConnectionProbe"),
    ])
    func `a fault is seen, and heals`(
        effect: String,
        kind: String,
        name: String,
        condition: String
    ) async throws {
        try await Trial.run { trial in
            try await trial.fault(effect, kind, name)
            try await trial.apply(Manifests.plain())
            try await trial.pass(20)
            #expect(try await trial.condition(Self.cluster, condition) == "False")
            #expect(try await trial.condition(Self.cluster, "Available") == "False")
            let message =
                try await trial.management.get(Self.cluster)?
                .condition("Available")?["message"]?.string ?? ""
            #expect(message.contains("as the test wants it"))
            try await trial.heal()
            try await trial.pass(15)
            #expect(try await trial.condition(Self.cluster, "Available") == "True")
        }
    }

    @Test func `a deletion can be stuck, and heals`() async throws {
        try await Trial.run { trial in
            try await trial.apply(Manifests.plain())
            try await trial.pass(12)
            try await trial.fault("deletionStuck", "DevCluster", "acme")
            try await trial.management.delete(Self.cluster)
            try await trial.pass(20)
            #expect(
                try await trial.reason(Self.cluster, "Deleting")
                    == "WaitingForInfrastructureDeletion"
            )
            let object = try #require(try await trial.management.get(Self.infrastructure))
            #expect(object.finalizers == ["devcluster.infrastructure.cluster.x-k8s.io"])
            try await trial.heal()
            try await trial.pass(5)
            #expect(try await trial.management.get(Self.cluster) == nil)
        }
    }
}
