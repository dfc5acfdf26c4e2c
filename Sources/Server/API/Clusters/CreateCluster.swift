package import Domain
import HTTP
import JSON
import Secrets
package import Storage

/// A new cluster of a tenant, or one that was there before.
struct CreateCluster: Operation {
    static let endpoint = Endpoint(
        "createCluster",
        .post,
        "/v1/tenants/{tenant}/clusters",
        for: .permitted(.createCluster),
        body: .json,
        [.changes, .creates, .waits, .plans]
    )

    private let creation: ClusterCreation
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let tenant: TenantName = try inputs.name("tenant")
        isDryRun = try inputs.isDryRun()
        let clusters = inputs.call.services.clusters
        creation = try inputs.read { reader in
            let name: ClusterName? = reader.required("name", Reading.name)
            let wish = ClusterInput(&reader, clusters, needsSpec: false)
            guard let name, let wish else { return nil }
            return ClusterCreation(tenant: tenant, name: name, wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call, isDryRun: isDryRun)
    }
}

/// What POST and a PUT on a new name have in common.
struct ClusterCreation {
    let tenant: TenantName
    let name: ClusterName
    let wish: ClusterInput

    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        let storage = call.services.storage
        guard let stored = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        let owner = try stored.tenant()
        guard owner.status.phase != .deleting else { throw ClusterRefusal.tenantIsDeleting }
        try wish.checkIsWhole()
        let surroundings = try await ClusterSurroundings(for: owner.labels, storage)
        var random = SecureRandom()
        let decision = try Cluster.creation(
            id: ClusterID(at: call.now, using: &random),
            name: name,
            of: owner.id,
            named: owner.name,
            labels: wish.labels,
            order: wish.order,
            in: surroundings,
            on: call.occasion
        )
        let cluster = decision.cluster
        try await call.services.clusters.check(cluster, of: owner)
        if isDryRun { return try await plan(decision, owner, surroundings, call) }
        let kubeconfig = wish.change(of: cluster.id, call.services.sealer)
        let change = Change(
            effect: .created(at: "/v1/tenants/\(tenant)/clusters/\(name)"),
            resource: ClusterView.bytes(cluster, for: call.access),
            revision: cluster.revision,
            job: decision.job
        )
        do {
            return try await change.perform(
                call,
                store: { circumstances throws(StorageFault) in
                    try await storage.clusters.create(
                        decision,
                        kubeconfig: kubeconfig,
                        for: circumstances
                    )
                },
                current: { try await ClusterView.current(cluster.id, call) }
            )
        } catch StorageFault.nameTaken {
            throw try await holder(of: name, call)
        }
    }

    /// Why the name cannot be had: it may be free again soon.
    private func holder(of name: ClusterName, _ call: Invocation) async throws -> any Error {
        let found = try await call.services.storage.clusters.find(name, of: tenant, as: call.access)
        guard let cluster = try found?.cluster(), cluster.status.phase == .deleting else {
            return StorageFault.nameTaken
        }
        let job = cluster.status.job.map { " by job \($0)" } ?? ""
        let detail = "The cluster of this name is being deleted\(job); ask again once it is gone."
        return Problem(.nameTaken, detail)
    }

    /// What would happen, which may be a refusal, with the limits that it touches.
    private func plan(
        _ decision: Cluster.Decision,
        _ owner: Tenant,
        _ surroundings: ClusterSurroundings,
        _ call: Invocation
    ) async throws -> Answer {
        let storage = call.services.storage
        let cluster = decision.cluster
        let taken = try await storage.clusters.find(name, of: tenant, as: call.access)
        guard taken == nil else { throw try await holder(of: name, call) }
        if let refusal = surroundings.refusal(of: cluster) { throw refusal }
        let standings = try await decision.standings(for: owner, storage)
        return Plan(
            action: .create,
            resource: ClusterView.bytes(cluster, for: call.access),
            before: .null,
            after: try cluster.wish(),
            job: decision.job,
            quota: standings
        ).answer(call)
    }
}

extension ClusterSurroundings {
    /// Everything that there is, for a tenant of these labels.
    package init(for tenant: Labels, _ storage: Storage) async throws {
        let query = ListQuery(limit: ListQuery.limitMax)
        let page = try await storage.managementClusters.list(query, as: .system)
        var management: [ManagementCluster] = []
        var used: [ManagementClusterName: [ClusterKind: Int]] = [:]
        for stored in page.items {
            let found = try stored.management()
            management.append(found)
            used[found.name] = try stored.used()
        }
        self.init(
            management: management,
            used: used,
            classes: try await storage.clusterClasses.policies(),
            tenantLabels: tenant
        )
    }
}

extension Cluster.Decision {
    /// The limits that the decision touches.
    ///
    /// - Throws: `.overQuota` where it goes beyond one.
    func standings(for owner: Tenant, _ storage: Storage) async throws -> [QuotaStanding] {
        let usage = try await storage.clusters.usage(of: owner.id)
        let standings = usage.standings(
            with: figures,
            quotas: owner.spec.quotas,
            policy: policy
        )
        let exceeded = standings.filter(\.isExceeded)
        guard exceeded.isEmpty else { throw ClusterRefusal.overQuota(exceeded) }
        return standings
    }
}
