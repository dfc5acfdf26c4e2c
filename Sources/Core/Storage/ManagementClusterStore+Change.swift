package import Domain
import Postgres

extension ManagementClusterStore {
    /// Stores a new management cluster with its job, event, audit entry and receipt.
    ///
    /// - Throws: `.nameTaken`, `.defaultTaken` where another is the default, `.keyReused`,
    ///   `.keyInProgress`, `.notFound` where the caller may create none.
    package func create(
        _ decision: ManagementCluster.Decision,
        kubeconfig: CredentialsChange,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        return try await change.perform(
            Self.insertion(
                of: decision.management,
                kubeconfig: kubeconfig,
                where: change.statement.isNew
            )
        )
    }

    /// Stores a changed management cluster where it still is at the revision that was decided on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.defaultTaken`, `.keyReused`,
    ///   `.keyInProgress`.
    package func store(
        _ decision: ManagementCluster.Decision,
        kubeconfig: CredentialsChange = .keep,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        return try await change.perform(
            Self.update(
                to: decision.management,
                kubeconfig: kubeconfig,
                where: change.guarded(by: revision)
            )
        )
    }

    /// Removes a management cluster that holds no cluster.
    ///
    /// - Throws: `.inUse`, `.notFound`, `.stale` with the current revision, `.keyReused`,
    ///   `.keyInProgress`.
    package func remove(
        _ decision: ManagementCluster.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        try await change(decision, for: call).remove(from: "management_cluster", at: revision)
    }

    private func change(_ decision: ManagementCluster.Decision, for call: Call) -> PlatformChange {
        PlatformChange(
            database: database,
            statement: Self.statement(for: decision, call: call),
            permission: .manageManagementClusters,
            current: { () async throws(StorageFault) in
                try await find(decision.management.id, as: call.access)?.revision
            }
        )
    }

    private static func statement(
        for decision: ManagementCluster.Decision,
        call: Call
    ) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.management.reference,
            tenant: nil,
            job: decision.job,
            supersedes: decision.job == nil ? nil : .stalled,
            event: decision.event
        )
    }

    private static func insertion(
        of management: ManagementCluster,
        kubeconfig: CredentialsChange,
        where condition: SQL
    ) -> SQL {
        """
        INSERT INTO management_cluster (
            id, name, labels, label_terms, spec, kubeconfig, is_default, phase, status, generation,
            revision, created_at, updated_at)
        SELECT \(management.id), \(management.name.text), \(Document(management.labels.write)),
               \(management.labels.terms), \(Document(management.spec.write)),
               \(kubeconfig.sealed), \(management.spec.isDefault),
               \(management.status.phase.rawValue), \(Document(management.status.write)),
               \(management.generation), \(management.revision), \(management.createdAt),
               \(management.updatedAt)
         WHERE \(condition)
        RETURNING id
        """
    }

    private static func update(
        to management: ManagementCluster,
        kubeconfig: CredentialsChange,
        where condition: SQL
    ) -> SQL {
        let kept: SQL = kubeconfig == .keep ? "kubeconfig" : "\(kubeconfig.sealed)"
        return """
            UPDATE management_cluster
               SET labels = \(Document(management.labels.write)),
                   label_terms = \(management.labels.terms),
                   spec = \(Document(management.spec.write)), kubeconfig = \(kept),
                   is_default = \(management.spec.isDefault),
                   phase = \(management.status.phase.rawValue),
                   status = \(Document(management.status.write)),
                   generation = \(management.generation), revision = \(management.revision),
                   updated_at = \(management.updatedAt)
             WHERE \(condition)
            RETURNING id
            """
    }
}
