import Contract
import Domain
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct TenantClustersTests {
    @Test func `a tenant with isolation is ready when its first cluster is`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme")
            acme.spec.isolation = .vcluster
            acme.status.clusters = [try Self.cluster("main", .provisioning)]
            bench.records.set(acme)
            let trial = bench.trial(.tenantProvision, of: acme, job: 1)
            let report = await trial.run()
            #expect(Self.wait(in: report.outcomes)?.contains("cluster main") == true)
            acme.status.clusters = [try Self.cluster("main", .ready)]
            bench.records.set(acme)
            #expect(await trial.run(from: report.observed).isComplete)
        }
    }

    @Test func `deleting a tenant removes its environments, then its clusters, and names them`()
        async throws
    {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            acme = try #require(try await bench.records.tenant(acme.id))
            acme.status.clusters = [try Self.cluster("main", .deleting)]
            bench.records.set(acme)
            bench.records.set([EnvironmentName("pr-8"), EnvironmentName("pr-7")])
            let trial = bench.trial(.tenantDelete, of: acme, job: 2)
            let first = await trial.run()
            #expect(Self.facts(of: first.outcomes) == [.removeServices, .removeEnvironments])
            let on = "these environments to be gone: pr-7, pr-8"
            #expect(Self.wait(in: first.outcomes) == on)
            bench.records.set([EnvironmentName]())
            let report = await trial.run(from: first.observed)
            #expect(Self.facts(of: report.outcomes) == [.removeClusters])
            #expect(Self.wait(in: report.outcomes)?.hasSuffix("gone: main") == true)
            acme.status.clusters = []
            bench.records.set(acme)
            #expect(await trial.run(from: report.observed).isComplete)
        }
    }

    @Test func `a changed tenant has its clusters delivered anew`() async throws {
        try await GitOpsBench.run { bench in
            try await bench.refresh()
            var acme = try bench.tenant("acme")
            try await bench.run(.tenantProvision, of: acme, job: 1)
            acme = try #require(try await bench.records.tenant(acme.id))
            acme.status.clusters = [try Self.cluster("main", .ready)]
            acme.spec.suspended = true
            bench.records.set(acme)
            let outcomes = try await bench.run(.tenantUpdate, of: acme, job: 2)
            #expect(Self.facts(of: outcomes).contains(.touchClusters))
        }
    }

    private static func facts(of outcomes: [Outcome]) -> [StepFact] {
        outcomes.flatMap { outcome -> [StepFact] in
            if case .done(let evidence) = outcome { evidence.facts } else { [] }
        }
    }

    private static func wait(in outcomes: [Outcome]) -> String? {
        guard case .waiting(let wait, _) = outcomes.last else { return nil }
        return wait.on
    }

    private static func cluster(
        _ name: String,
        _ phase: ClusterStatus.Phase
    ) throws -> ClusterSummary {
        ClusterSummary(name: try ClusterName(parsing: name), kind: .vcluster, phase: phase)
    }
}
