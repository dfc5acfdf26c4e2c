import Contract
import Domain
import JSON
import Kubernetes
import Sandbox
import Secrets
import Testing

@testable import Clusters

/// Clusters that were there already.
@Suite(.timeLimit(.minutes(5))) struct AdoptionTests {
    @Test(arguments: ManagementClusterSpec.Delivery.allCases)
    func `an adopted cluster is connected and observed, and let go without a trace`(
        _ delivery: ManagementClusterSpec.Delivery
    ) async throws {
        let form = ClusterBench.Form(kind: .cluster, delivery: delivery)
        try await ClusterBench.run(form, on: .sandbox()) { bench in
            try await bench.change { spec in
                spec.adopt = ClusterAdoption(context: nil)
                spec.className = nil
                spec.kubernetesVersion = nil
            }
            let made = try await ClusterTrial(bench: bench, kind: .clusterCreate, number: 1)
                .faults()
            #expect(made.isEmpty, "\(made)")
            let cluster = try #require(try await bench.current)
            #expect(cluster.status.phase == .ready)
            #expect(cluster.status.seen.controlPlaneVersion != nil)
            #expect(cluster.status.seen.nodes != nil)
            #expect(cluster.status.seen.endpoint == "https://\(bench.slug).example:6443")
            let secret = try await bench.object("", "Secret", "\(bench.slug)-kubeconfig")
            #expect(secret != nil)
            let group = "kustomize.toolkit.fluxcd.io"
            let sync = try await bench.object(group, "Kustomization", "platform")
            let reference = sync?.spec["kubeConfig"]?["secretRef"]?["name"]?.string
            #expect(reference == "\(bench.slug)-kubeconfig")

            let gone = try await ClusterTrial(bench: bench, kind: .clusterDelete, number: 2)
                .faults()
            #expect(gone.isEmpty, "\(gone)")
            #expect(try await bench.current == nil)
            #expect(try await bench.world().filter { $0.contains(bench.namespace) }.isEmpty)
            let system = ObjectKey(GroupKind(kind: "Namespace"), name: TenantAccess.namespace)
            #expect(try await bench.tenantClient.get(system)?.isDeleting ?? true)
            let bindings = GroupKind(group: "rbac.authorization.k8s.io", kind: "RoleBinding")
            let left = try await bench.tenantClient.list(bindings, labels: "slipway.dev/access")
            #expect(left.items.isEmpty)
        }
    }

    @Test func `one that does not answer says so, and who can help`() async throws {
        let form = ClusterBench.Form(kind: .cluster, delivery: .direct)
        // In the playing sandbox nothing is behind the cluster's name.
        try await ClusterBench.run(form, on: .sandbox(playing: true)) { bench in
            try await bench.change { spec in
                spec.adopt = ClusterAdoption(context: nil)
                spec.className = nil
                spec.kubernetesVersion = nil
            }
            let stuck = try await bench.run(.clusterCreate, 1, turns: 3)
            #expect(stuck.step == "await-reachable")
            #expect(stuck.wait?.on == "the API server of the cluster to answer")
            #expect(stuck.wait?.releasedBy?.contains("kubeconfig") == true)
            let gone = try await bench.run(.clusterDelete, 2)
            #expect(gone.step == nil, "\(gone)")
            #expect(try await bench.world().filter { $0.contains(bench.namespace) }.isEmpty)
        }
    }

    @Test func `Argo CD is told of a kubeconfig that was rotated`() async throws {
        let form = ClusterBench.Form(kind: .vcluster, delivery: .direct, engine: .argocd)
        try await ClusterBench.run(form, on: .sandbox(playing: true, .argocd)) { bench in
            let made = try await bench.run(.clusterCreate, 1)
            #expect(made.step == nil, "\(made)")
            let wish = try #require(
                try await WishMaker(records: bench.records).wish(of: bench.cluster)
            )
            let place = try #require(
                try await bench.records.managementCluster(wish.cluster.spec.managementCluster)
            )
            let key = SecretKey(name: "vc-\(bench.slug)", key: "config")
            let registration = try #require(ArgoRegistration(of: wish, by: key))
            #expect(try await !registration.renew(in: place, through: bench.clusters))
            let secret = try #require(try await bench.object("", "Secret", key.name))
            let rotated: JSON = ["data": [key.key: .string(Self.rotated)]]
            _ = try await bench.client.mergePatch(secret.key, rotated)
            #expect(try await registration.renew(in: place, through: bench.clusters))
            #expect(try await !registration.renew(in: place, through: bench.clusters))
        }
    }

    /// Another token than before, in base64.
    private static let rotated = Base64.encode(Array(MemoryClusterRecords.kubeconfig.utf8))
}
