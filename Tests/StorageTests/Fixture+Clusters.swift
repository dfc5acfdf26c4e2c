import Domain
import JSON
import Postgres
import Testing

@testable import Storage

extension Fixture {
    /// Stores a management cluster of the sandbox and returns it.
    @discardableResult
    func management(
        _ name: StaticString = "main",
        _ edit: (inout ManagementClusterSpec) -> Void = { _ in }
    ) async throws -> ManagementCluster {
        var spec = ManagementClusterSpec(connection: .sandbox)
        edit(&spec)
        let decision = ManagementCluster.creation(
            id: Self.id(),
            name: ManagementClusterName(name),
            labels: Labels(),
            spec: spec,
            on: Self.occasion()
        )
        _ = try await storage.managementClusters.create(
            decision,
            kubeconfig: .keep,
            for: call()
        )
        return decision.management
    }

    /// Stores a tenant with a spec of its own and returns it.
    func tenant(
        _ name: String,
        _ edit: (inout TenantSpec) -> Void
    ) async throws -> Tenant {
        var spec = try creation(of: name).tenant.spec
        edit(&spec)
        let decision = Tenant.creation(
            id: Self.id(),
            name: try TenantName(parsing: name),
            labels: Labels(),
            spec: spec,
            blueprint: blueprint.id,
            on: Self.occasion()
        )
        _ = try await storage.tenants.create(decision, for: call())
        return decision.tenant
    }

    /// The decision to make a virtual cluster in `main`.
    func clusterCreation(
        _ name: String,
        of tenant: Tenant,
        _ edit: (inout ClusterSpec) -> Void = { _ in }
    ) throws -> Cluster.Decision {
        let main = ManagementClusterName("main")
        var spec = ClusterSpec(kind: .vcluster, managementCluster: main)
        edit(&spec)
        return try Cluster.creation(
            id: Self.id(),
            name: try ClusterName(parsing: name),
            of: tenant.id,
            named: tenant.name,
            labels: Labels(),
            order: ClusterOrder(kind: .vcluster, managementCluster: main, rest: spec),
            in: try places(),
            on: Self.occasion()
        )
    }

    /// Stores clusters of machines with one pool of so many nodes, or with the three nodes of
    /// their class.
    func machines(_ count: Int, nodes: Int?, of tenant: Tenant) async throws -> [Cluster] {
        let findings = ClusterClass.Findings(
            phase: .ready,
            report: ["nodePools": [["nodes": 2], ["nodes": 1]]],
            generation: 1
        )
        let made = ClusterClass.creation(
            id: Self.id(),
            name: ClusterClassName("default"),
            labels: Labels(),
            definition: Array("{}".utf8),
            template: "x",
            findings: findings,
            on: Self.occasion()
        )
        _ = try await storage.clusterClasses.create(made, for: call())
        var clusters: [Cluster] = []
        for number in 0..<count {
            var spec = ClusterSpec(kind: .cluster, managementCluster: ClusterOrder.nowhere)
            spec.nodePools = nodes.map { [NodePool(name: "a", count: .fixed($0))] }
            let decision = try Cluster.creation(
                id: Self.id(),
                name: try ClusterName(parsing: "m\(number)"),
                of: tenant.id,
                named: tenant.name,
                labels: Labels(),
                order: ClusterOrder(kind: .cluster, managementCluster: nil, rest: spec),
                in: ClusterSurroundings(
                    management: try places().management,
                    classes: try await storage.clusterClasses.policies()
                ),
                on: Self.occasion()
            )
            _ = try await storage.clusters.create(decision, for: call())
            clusters.append(decision.cluster)
        }
        return clusters
    }

    /// Gives the only pool of a cluster so many nodes.
    func scale(_ cluster: Cluster, to nodes: Int) async throws -> WriteOutcome {
        var order = cluster.order
        order.rest.nodePools = [NodePool(name: "a", count: .fixed(nodes))]
        let decision = try cluster.change(
            labels: cluster.labels,
            order: order,
            in: ClusterSurroundings(
                management: [],
                classes: try await storage.clusterClasses.policies()
            ),
            on: Self.occasion()
        )
        guard let decision else { throw StorageFault.notFound }
        return try await storage.clusters.store(
            decision,
            permission: .updateCluster,
            replacing: cluster.revision,
            for: call()
        )
    }

    /// The decision to change a cluster.
    func change(
        _ cluster: Cluster,
        _ edit: (inout ClusterSpec) -> Void
    ) throws -> Cluster.Decision? {
        var order = cluster.order
        edit(&order.rest)
        return try cluster.change(
            labels: cluster.labels,
            order: order,
            in: try places(),
            on: Self.occasion()
        )
    }

    /// The decisions to make a tenant that is isolated by a virtual cluster.
    func isolated(
        _ name: String,
        in management: ManagementCluster
    ) throws -> (Tenant.Decision, Cluster.Decision) {
        var spec = try creation(of: name).tenant.spec
        spec.isolation = .vcluster
        let id: TenantID = Self.id()
        let tenantName = try TenantName(parsing: name)
        let first = try Cluster.first(
            of: .vcluster,
            id: Self.id(),
            for: id,
            named: tenantName,
            quotas: spec.quotas,
            in: ClusterSurroundings(management: [management], classes: []),
            on: Self.occasion()
        )
        let tenant = Tenant.creation(
            id: id,
            name: tenantName,
            labels: Labels(),
            spec: spec,
            blueprint: blueprint.id,
            first: first.cluster,
            on: Self.occasion()
        )
        return (tenant, first)
    }

    private func places() throws -> ClusterSurroundings {
        let management = ManagementCluster.creation(
            id: Self.id(),
            name: ManagementClusterName("main"),
            labels: Labels(),
            spec: ManagementClusterSpec(connection: .sandbox),
            on: Self.occasion()
        ).management
        return ClusterSurroundings(management: [management], classes: [])
    }

    func find(_ name: String, of tenant: Tenant) async throws -> Cluster? {
        try await storage.clusters.find(
            try ClusterName(parsing: name),
            of: tenant.name,
            as: .system
        )?.cluster()
    }

    /// Writes facts as the result of a step would.
    func write(
        _ facts: [StepFact],
        about subject: ObjectReference,
        _ tenant: TenantID?
    ) async throws {
        try await storage.database.transaction { transaction in
            try await JobQueue.write(
                facts,
                of: JobID(high: 9, low: 9),
                about: subject,
                tenant: tenant,
                in: transaction
            )
        }
    }
}
