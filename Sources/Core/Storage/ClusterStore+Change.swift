package import Domain
import Postgres

extension ClusterStore {
    /// Stores a new cluster with its job, event, audit entry and receipt, where tenant and
    /// management cluster have room for it.
    ///
    /// - Throws: `.nameTaken`, `.refused` with the limit that is in the way, `.missingReference`
    ///   where management cluster or class is gone, `.keyReused` and `.keyInProgress` for the
    ///   idempotency key, `.notFound` where the caller may create none.
    package func create(
        _ decision: Cluster.Decision,
        kubeconfig: CredentialsChange = .keep,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: .createCluster)
        if case .nothing = scope { throw .notFound }
        let statement = Self.statement(for: decision, call: call)
        let insertion = Self.insertion(of: decision, kubeconfig, where: statement.isNew)
        let result = try await database.perform(statement, changing: insertion) {
            (transaction: Transaction) in
            try await Self.admit(decision, within: scope, in: transaction)
            try await Self.place(decision.cluster, in: transaction)
        } after: { transaction in
            try await Self.summarise(decision.cluster.tenant, in: transaction)
        }
        guard case .outcome(let outcome) = result else { throw .missingReference }
        return outcome
    }

    /// Stores a changed cluster, or the wish that it be deleted, where it still is at the revision
    /// that the decision was made on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.refused` with the limit that
    ///   is in the way, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: Cluster.Decision,
        kubeconfig: CredentialsChange = .keep,
        permission: Permission,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: permission)
        if case .nothing = scope { throw .notFound }
        let cluster = decision.cluster
        let statement = Self.statement(for: decision, call: call)
        let update = Self.update(
            to: decision,
            from: revision,
            kubeconfig,
            within: scope,
            where: statement.isNew
        )
        let result = try await database.perform(statement, changing: update) { transaction in
            // Less is always allowed; with its tenant, everything goes.
            guard cluster.status.phase != .deleting else { return }
            try await Self.admit(decision, within: scope, in: transaction)
        } after: { transaction in
            try await Self.summarise(cluster.tenant, in: transaction)
        }
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(cluster.id, as: call.access) else { throw .notFound }
        throw .stale(current: current.revision)
    }

    private static func statement(for decision: Cluster.Decision, call: Call) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.cluster.reference,
            tenant: decision.cluster.tenant,
            job: decision.job,
            supersedes: supersession(by: decision.job?.kind),
            event: decision.event
        )
    }

    static func supersession(by kind: JobKind?) -> JobQueue.Supersession? {
        switch kind {
        case .clusterDelete: .unfinished
        case .clusterUpdate: .stalled
        default: nil
        }
    }

    static func insertion(
        of decision: Cluster.Decision,
        _ kubeconfig: CredentialsChange,
        where condition: SQL
    ) -> SQL {
        let cluster = decision.cluster
        let figures = decision.figures
        return """
            INSERT INTO cluster (
                id, tenant_id, tenant_name, name, slug, kind, management_cluster_id,
                cluster_class_id, labels, label_terms, spec, kubeconfig, nodes, is_asleep, phase,
                status, generation, revision, created_at, updated_at)
            SELECT \(cluster.id), \(cluster.tenant), \(cluster.tenantName.text),
                   \(cluster.name.text), \(cluster.slug.description), \(cluster.spec.kind.rawValue),
                   m.id, \(decision.policy?.id), \(Document(cluster.labels.write)),
                   \(cluster.labels.terms), \(Document(cluster.spec.write)), \(kubeconfig.sealed),
                   \(figures.nodes), \(figures.isAsleep), \(cluster.status.phase.rawValue),
                   \(Document(cluster.status.write)), \(cluster.generation), \(cluster.revision),
                   \(cluster.createdAt), \(cluster.updatedAt)
              FROM management_cluster m
             WHERE m.name = \(cluster.spec.managementCluster.text) AND \(condition)
            RETURNING id
            """
    }

    private static func update(
        to decision: Cluster.Decision,
        from revision: Int64,
        _ kubeconfig: CredentialsChange,
        within scope: Access.Scope,
        where condition: SQL
    ) -> SQL {
        let kept: SQL = kubeconfig == .keep ? "kubeconfig" : "\(kubeconfig.sealed)"
        let cluster = decision.cluster
        let figures = decision.figures
        // A cluster on its way out counts for what it did.
        let counted: SQL =
            cluster.status.phase == .deleting
            ? "" : "nodes = \(figures.nodes), is_asleep = \(figures.isAsleep),"
        return """
            UPDATE cluster
               SET labels = \(Document(cluster.labels.write)),
                   label_terms = \(cluster.labels.terms), spec = \(Document(cluster.spec.write)),
                   kubeconfig = \(kept), \(counted)
                   phase = \(cluster.status.phase.rawValue),
                   status = \(Document(cluster.status.write)),
                   generation = \(cluster.generation), revision = \(revision + 1),
                   updated_at = \(cluster.updatedAt)
             WHERE id = \(cluster.id)
               AND revision = \(revision)
               AND \(scope.condition(on: "tenant_id"))
               AND \(condition)
            RETURNING id
            """
    }

    /// Writes into the tenant's status which clusters it has, where that has changed.
    ///
    /// Locks the tenant: whoever changes clusters locks it before them.
    static func summarise(_ tenant: TenantID, in transaction: Transaction) async throws {
        let answers = try await transaction.execute(all: [
            "SELECT status FROM tenant WHERE id = \(tenant) FOR NO KEY UPDATE",
            "SELECT name, kind, phase FROM cluster WHERE tenant_id = \(tenant) ORDER BY name",
        ])
        guard let row = answers[0].first else { return }
        var status = try TenantStatus(reading: parsed(row.decode(0)))
        var clusters: [ClusterSummary] = []
        for row in answers[1] {
            // The table holds nothing that cannot be read.
            guard let name = try? ClusterName(parsing: row.decode(0, as: String.self)),
                let kind = ClusterKind(rawValue: try row.decode(1)),
                let phase = ClusterStatus.Phase(rawValue: try row.decode(2))
            else { continue }
            clusters.append(ClusterSummary(name: name, kind: kind, phase: phase))
        }
        guard clusters != status.clusters else { return }
        status.clusters = clusters
        try await transaction.execute(
            """
            UPDATE tenant
               SET status = \(Document(status.write)), revision = revision + 1, updated_at = now()
             WHERE id = \(tenant)
            """
        )
    }
}
