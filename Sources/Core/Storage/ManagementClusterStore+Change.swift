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
        let statement = Self.statement(for: decision, call: call)
        let insertion = Self.insertion(
            of: decision.management,
            kubeconfig: kubeconfig,
            where: statement.isNew
        )
        return try await change(decision.management.id, as: call, insertion, statement)
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
        let statement = Self.statement(for: decision, call: call)
        return try await change(
            decision.management.id,
            as: call,
            Self.update(
                to: decision.management,
                from: revision,
                kubeconfig: kubeconfig,
                where: statement.isNew
            ),
            statement
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
        var statement = Self.statement(for: decision, call: call)
        statement.supersedes = .unfinished
        let removal: SQL = """
            DELETE FROM management_cluster
             WHERE id = \(decision.management.id)
               AND revision = \(revision)
               AND \(statement.isNew)
            RETURNING id
            """
        do {
            return try await change(decision.management.id, as: call, removal, statement)
        } catch .missingReference {
            // The same constraint, seen from its other side.
            throw .inUse
        }
    }

    private func change(
        _ id: ManagementClusterID,
        as call: Call,
        _ change: SQL,
        _ statement: ChangeStatement
    ) async throws(StorageFault) -> WriteOutcome {
        guard case .everything = call.access.scope(for: .manageManagementClusters) else {
            throw .notFound
        }
        let result = try await database.perform(statement, changing: change)
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(id, as: call.access) else { throw .notFound }
        throw .stale(current: current.revision)
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
        from revision: Int64,
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
                   generation = \(management.generation), revision = \(revision + 1),
                   updated_at = \(management.updatedAt)
             WHERE id = \(management.id)
               AND revision = \(revision)
               AND \(condition)
            RETURNING id
            """
    }
}
