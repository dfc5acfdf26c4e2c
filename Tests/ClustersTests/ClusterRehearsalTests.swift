import Clusters
import Domain
import Testing

@Suite(.timeLimit(.minutes(1))) struct ClusterRehearsalTests {
    @Test func `a class is tried on a cluster before it takes the place of its own`() async throws {
        let form = ClusterBench.Form(kind: .cluster, delivery: .direct)
        try await ClusterBench.run(form, on: .sandbox()) { bench in
            let cluster = try #require(try await bench.current)
            let tenant = try #require(try await bench.records.tenant(cluster.tenant))
            let rehearsal = ClusterRehearsal(
                records: bench.records,
                drivers: ClusterBench.drivers
            )
            // Nobody has looked yet what the management cluster holds.
            #expect(try await rehearsal.wish(for: cluster, of: tenant) == nil)
            var place = try #require(
                try await bench.records.managementCluster(cluster.spec.managementCluster)
            )
            place.status.checkedAt = ClusterBench.moment
            bench.records.set(place)
            let good = try #require(try await rehearsal.wish(for: cluster, of: tenant))
            #expect(rehearsal.refusal(of: good) == nil)

            let name = try #require(cluster.spec.className)
            var made = try #require(try await bench.records.clusterClass(name))
            made.template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
            let bad = try #require(
                try await rehearsal.wish(for: cluster, of: tenant, from: made)
            )
            let reason = rehearsal.refusal(of: bad)
            #expect(reason?.contains("has no `Cluster`") == true, "\(reason ?? "-")")
            #expect(try await rehearsal.wish(for: cluster, of: tenant) == good)

            var adopted = cluster
            adopted.spec.adopt = ClusterAdoption(context: nil)
            #expect(try await rehearsal.wish(for: adopted, of: tenant) == nil)
        }
    }
}
