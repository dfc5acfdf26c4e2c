import JSON
import Testing

@testable import Domain

struct TenantQuotaTests {
    private func figures(
        _ number: UInt64,
        _ kind: ClusterKind,
        nodes: Int = 0,
        isAsleep: Bool = false,
        className: ClusterClassName? = nil
    ) throws -> ClusterFigures {
        ClusterFigures(
            id: ClusterID(high: 7, low: number),
            name: try ClusterName(parsing: "c\(number)"),
            kind: kind,
            className: className,
            nodes: nodes,
            isAsleep: isAsleep
        )
    }

    private func exceeded(
        _ cluster: ClusterFigures,
        beside others: [ClusterFigures],
        _ quotas: TenantQuotas,
        _ policy: ClusterClassPolicy? = nil
    ) -> [QuotaStanding] {
        TenantUsage(others).standings(with: cluster, quotas: quotas, policy: policy)
            .filter(\.isExceeded)
    }

    @Test func `the last place is given once, and the refusal names what could go`() throws {
        let quotas = TenantQuotas(clusters: [.vcluster: 2], nodes: 0, awakeVirtualClusters: 9)
        let one = try figures(1, .vcluster)
        #expect(exceeded(try figures(2, .vcluster), beside: [one], quotas).isEmpty)
        let refused = exceeded(
            try figures(3, .vcluster),
            beside: [one, try figures(2, .vcluster)],
            quotas
        )
        let standing = try #require(refused.first)
        #expect(refused.count == 1 && standing.name == "clusters.vcluster")
        #expect(standing.used == 2 && standing.after == 3 && standing.limit == 2)
        #expect(standing.remedy.contains("c1, c2"))
    }

    @Test func `a virtual cluster that sleeps counts for none that is awake`() throws {
        let quotas = TenantQuotas(clusters: [:], nodes: 0, awakeVirtualClusters: 1)
        let awake = try figures(1, .vcluster)
        #expect(exceeded(try figures(2, .vcluster, isAsleep: true), beside: [awake], quotas) == [])
        let waking = exceeded(
            try figures(2, .vcluster),
            beside: [awake, try figures(2, .vcluster, isAsleep: true)],
            quotas
        )
        #expect(waking.map(\.name) == ["awakeVirtualClusters"])
        #expect(waking.first?.remedy.hasPrefix("Put to sleep or delete one of c1") == true)
    }

    @Test func `less is always allowed, also beyond a limit that was lowered`() throws {
        let quotas = TenantQuotas(clusters: [.cluster: 0], nodes: 5, awakeVirtualClusters: 0)
        let large = try figures(1, .cluster, nodes: 20)
        #expect(exceeded(try figures(1, .cluster, nodes: 10), beside: [large], quotas) == [])
        let more = exceeded(try figures(1, .cluster, nodes: 21), beside: [large], quotas)
        #expect(more.map(\.name) == ["nodes"])
    }

    @Test func `a class has a limit of its own for each tenant`() throws {
        let policy = ClusterTrial.small
        let two = [
            try figures(1, .cluster, className: policy.name),
            try figures(2, .cluster, className: policy.name),
        ]
        let third = try figures(3, .cluster, className: policy.name)
        #expect(
            exceeded(third, beside: two, .usual, policy).map(\.name) == ["classes.small.clusters"]
        )
    }

    @Test func `quotas are the same however they were written`() throws {
        var writer = JSONWriter(reserving: 64)
        TenantQuotas(clusters: [:], nodes: 100, awakeVirtualClusters: 20).write(to: &writer)
        let read = TenantQuotas(reading: try JSON.parse(writer.finish()))
        #expect(read == .usual && read.hashValue == TenantQuotas.usual.hashValue)
        #expect(TenantQuotas(reading: nil) == .usual)
    }
}
