import Contract
import Domain
import Drivers
import TestSupport
import Testing

@testable import Clusters

@Suite(.timeLimit(.minutes(1))) struct FleetRoundsTests {
    @Test func `who is away, and who is back, is told once`() async throws {
        let form = ClusterBench.Form(kind: .cluster, delivery: .direct)
        try await ClusterBench.run(form, on: .sandbox()) { bench in
            try await bench.change { spec in
                spec.adopt = ClusterAdoption(context: nil)
                spec.className = nil
                spec.kubernetesVersion = nil
            }
            var wish = try #require(
                try await WishMaker(records: bench.records).wish(of: bench.cluster)
            )
            let place = try #require(
                try await bench.records.managementCluster(wish.cluster.spec.managementCluster)
            )
            let member = FleetMember(
                id: bench.cluster,
                slug: bench.slug,
                kind: .cluster,
                revision: 1
            )
            let rounds = FleetRounds(of: place, through: bench.clusters)
            #expect(await rounds.go() == [])
            rounds.enter(member, wish, kubeconfig: nil)
            #expect(rounds.driver(of: member, wish)?.look == nil)
            #expect(await rounds.go() == [member])
            #expect(rounds.driver(of: member, wish)?.look?.isReady == true)
            #expect(await rounds.go() == [])

            bench.life.arm(after: 0, .before)
            #expect(!bench.life.isSent(changes: true))
            #expect(await rounds.go() == [member])
            let away = try #require(rounds.driver(of: member, wish)?.look)
            #expect(!away.isReachable && away.fault != nil)
            #expect(away.endpoint == "https://\(bench.slug).example:6443")
            #expect(await rounds.go() == [])
            #expect(bench.life.disarm())
            #expect(await rounds.go() == [member])

            wish.cluster.status.phase = .deleting
            rounds.enter(member, wish, kubeconfig: nil)
            #expect(rounds.driver(of: member, wish)?.look == nil)
            #expect(await rounds.go() == [])
        }
    }

    @Test func `a cluster that was made has the driver of its kind`() async throws {
        let form = ClusterBench.Form(kind: .namespace, delivery: .direct)
        try await ClusterBench.run(form, on: .sandbox()) { bench in
            let wish = try #require(
                try await WishMaker(records: bench.records).wish(of: bench.cluster)
            )
            let place = try #require(
                try await bench.records.managementCluster(wish.cluster.spec.managementCluster)
            )
            let member = FleetMember(
                id: bench.cluster,
                slug: bench.slug,
                kind: .namespace,
                revision: 1
            )
            let rounds = FleetRounds(of: place, through: bench.clusters)
            rounds.enter(member, wish, kubeconfig: nil)
            #expect(rounds.driver(of: member, wish) == nil)
            #expect(await rounds.go() == [])
        }
    }
}
