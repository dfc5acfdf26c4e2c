import Clusters
import Domain
import JSON
import Kubernetes
import Testing

/// Clusters' jobs with everything that the sandbox plays.
@Suite(.timeLimit(.minutes(5))) struct PlayTests {
    @Test(arguments: ClusterBench.Form.all)
    func `what the tenant's repository holds runs in the cluster, and goes with it`(
        _ form: ClusterBench.Form
    ) async throws {
        try await ClusterBench.run(form, on: .sandbox(playing: true)) { bench in
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
}
