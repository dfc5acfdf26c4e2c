import Clusters
import Domain
import JSON
import Kubernetes
import Sandbox
import Testing

/// Clusters' jobs with everything that the sandbox plays.
@Suite(.timeLimit(.minutes(5))) struct PlayTests {
    @Test(arguments: ClusterBench.Form.all + ClusterBench.Form.argo)
    func `what the tenant's repository holds runs in the cluster, and goes with it`(
        _ form: ClusterBench.Form
    ) async throws {
        try await ClusterBench.run(form, on: .sandbox(playing: true, form.played)) { bench in
            let made = try await bench.run(.clusterCreate, 1)
            #expect(made.step == nil, "\(made)")
            #expect(try await bench.current?.status.phase == .ready)
            // Into namespaces it is applied with roles that the installation brings.
            if form.kind != .namespace {
                let key = ObjectKey(
                    GroupKind(kind: "ConfigMap"),
                    namespace: "default",
                    name: "from-git"
                )
                var turns = 0
                while try await bench.tenantClient.get(key) == nil, turns < 50 {
                    turns += 1
                    try await bench.turn()
                }
                #expect(try await bench.tenantClient.get(key) != nil)
            }

            let gone = try await bench.run(.clusterDelete, 2)
            #expect(gone.step == nil, "\(gone)")
            #expect(try await bench.current == nil)
            #expect(try await bench.world().filter { $0.contains(bench.namespace) }.isEmpty)
        }
    }

    @Test func `what the engine has lost sight of is deleted all the same`() async throws {
        let form = ClusterBench.Form(kind: .vcluster, delivery: .gitops)
        try await ClusterBench.run(form, on: .sandbox(playing: true)) { bench in
            let made = try await bench.run(.clusterCreate, 1)
            #expect(made.step == nil, "\(made)")
            let sync = ObjectKey(
                GroupKind(group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization"),
                namespace: "flux-system",
                name: bench.namespace
            )
            // As if it had died between applying and noting what it applied.
            _ = try await bench.client.mergePatch(
                sync,
                ["status": ["inventory": ["entries": []]]],
                subresource: "status"
            )
            let gone = try await bench.run(.clusterDelete, 2)
            #expect(gone.step == nil, "\(gone)")
            #expect(try await bench.world().filter { $0.contains(bench.namespace) }.isEmpty)
        }
    }

    @Test func `two management clusters share one repository, and each makes its own`()
        async throws
    {
        let near = ClusterBench.Form(kind: .vcluster, delivery: .gitops)
        let far = ClusterBench.Form(
            kind: .namespace,
            delivery: .gitops,
            engine: .argocd,
            place: "far"
        )
        try await ClusterBench.run([
            (near, .sandbox(playing: true)), (far, .sandbox(playing: true, .argocd, as: "far")),
        ]) { benches in
            for bench in benches {
                let made = try await bench.run(.clusterCreate, 1)
                #expect(made.step == nil, "\(made)")
                #expect(try await bench.current?.status.phase == .ready)
            }
            for (bench, other) in [(benches[0], benches[1]), (benches[1], benches[0])] {
                let foreign = ObjectKey(GroupKind(kind: "Namespace"), name: other.namespace)
                #expect(try await bench.client.get(foreign) == nil)
            }
            let gone = try await benches[0].run(.clusterDelete, 2)
            #expect(gone.step == nil, "\(gone)")
            for _ in 1...10 { try await benches[1].turn() }
            let kept = ObjectKey(GroupKind(kind: "Namespace"), name: benches[1].namespace)
            #expect(try await benches[1].client.get(kept) != nil)
        }
    }
}

extension ClusterBench.Form {
    /// What of it the sandbox plays.
    fileprivate var played: SandboxReader.Engine { engine == .flux ? .flux : .argocd }
}
