import Domain
import HTTP
import JSON
import Storage

/// A change of a cluster that exists: read, decide, store, answer.
struct ClusterChange {
    /// What was decided, and what becomes of the kubeconfig.
    typealias Decided = (decision: Cluster.Decision, kubeconfig: CredentialsChange)

    let call: Invocation
    let permission: Permission
    let isDryRun: Bool

    /// Decides on the cluster as it is, and stores what was decided.
    ///
    /// `decide` answers nil where nothing would change.
    func perform(
        on name: ClusterName,
        of tenant: TenantName,
        effect: Change.Effect = .changed,
        decide: (Cluster) async throws -> Decided?
    ) async throws -> Answer {
        try await call.retrying {
            let stored = try await call.services.storage.clusters.find(
                name,
                of: tenant,
                as: call.access
            )
            guard let stored else { throw Problem.notFound }
            return try await perform(on: stored, effect: effect, decide: decide)
        }
    }

    /// The same for a cluster that has been read.
    func perform(
        on stored: StoredCluster,
        effect: Change.Effect,
        decide: (Cluster) async throws -> Decided?
    ) async throws -> Answer {
        try call.checkConditions(revision: stored.revision)
        let cluster = try stored.cluster()
        guard let (decision, kubeconfig) = try await decide(cluster) else {
            return try Unchanged(
                resource: ClusterView.bytes(stored, for: call.access),
                revision: stored.revision,
                job: cluster.status.job
            ).answer(call, effect, isDryRun: isDryRun, wish: cluster.wish)
        }
        if isDryRun { return try await plan(cluster, decision, effect) }
        let change = Change(
            effect: effect,
            resource: ClusterView.bytes(decision.cluster, for: call.access),
            revision: decision.cluster.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.clusters.store(
                    decision,
                    kubeconfig: kubeconfig,
                    permission: permission,
                    replacing: stored.revision,
                    for: circumstances
                )
            },
            current: { try await ClusterView.current(cluster.id, call) }
        )
    }

    private func plan(
        _ cluster: Cluster,
        _ decision: Cluster.Decision,
        _ effect: Change.Effect
    ) async throws -> Answer {
        let before = try cluster.wish()
        if case .deleted = effect {
            return Plan(removing: before, by: decision.job).answer(call)
        }
        let storage = call.services.storage
        guard let owner = try await storage.tenants.find(cluster.tenant, as: call.access) else {
            throw Problem.notFound
        }
        return Plan(
            action: .update,
            resource: ClusterView.bytes(decision.cluster, for: call.access),
            before: before,
            after: try decision.cluster.wish(),
            job: decision.job,
            quota: try await decision.standings(for: owner.tenant(), storage)
        ).answer(call)
    }
}

extension Cluster {
    /// The decision to make the cluster as the wish says; nil where it is so already.
    func wanting(
        _ wish: ClusterInput,
        _ call: Invocation
    ) async throws -> ClusterChange.Decided? {
        let decision = try await wanting(
            wish.order,
            labels: wish.labels,
            renewsKubeconfig: wish.kubeconfig != nil,
            call
        )
        return decision.map { ($0, wish.change(of: id, call.services.sealer)) }
    }

    /// The decision to make the cluster as one of its own verbs says; nil where it is so already.
    func wanting(
        _ call: Invocation,
        _ change: (inout ClusterSpec) -> Void
    ) async throws -> ClusterChange.Decided? {
        var order = order
        change(&order.rest)
        let decision = try await wanting(
            order,
            labels: labels,
            renewsKubeconfig: false,
            call
        )
        return decision.map { ($0, .keep) }
    }

    private func wanting(
        _ order: ClusterOrder,
        labels: Labels,
        renewsKubeconfig: Bool,
        _ call: Invocation
    ) async throws -> Cluster.Decision? {
        let classes = try await call.services.storage.clusterClasses.policies()
        let decision = try change(
            labels: labels,
            order: order,
            renewsKubeconfig: renewsKubeconfig,
            in: ClusterSurroundings(management: [], classes: classes),
            on: call.occasion
        )
        guard let decision, decision.job != nil else { return decision }
        let owner = try await call.services.storage.tenants.find(tenant, as: call.access)
        guard let owner = try owner?.tenant() else { throw Problem.notFound }
        try await call.services.clusters.check(decision.cluster, of: owner)
        return decision
    }
}
