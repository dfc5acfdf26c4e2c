package import Domain
import Postgres

extension ClusterClassStore {
    /// Stores a new class with its event, audit entry and receipt.
    ///
    /// - Throws: `.nameTaken`, `.keyReused`, `.keyInProgress`, `.notFound` where the caller may
    ///   create none.
    package func create(
        _ decision: ClusterClass.Decision,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        return try await change.perform(
            Self.insertion(of: decision, where: change.statement.isNew)
        )
    }

    /// Stores a changed class where it still is at the revision that was decided on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: ClusterClass.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        return try await change.perform(
            Self.update(to: decision, where: change.guarded(by: revision))
        )
    }

    /// Removes a class that no cluster is made from.
    ///
    /// - Throws: `.inUse`, `.notFound`, `.stale` with the current revision, `.keyReused`,
    ///   `.keyInProgress`.
    package func remove(
        _ decision: ClusterClass.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        try await change(decision, for: call).remove(from: "cluster_class", at: revision)
    }

    private func change(_ decision: ClusterClass.Decision, for call: Call) -> PlatformChange {
        PlatformChange(
            database: database,
            statement: Self.statement(for: decision, call: call),
            permission: .manageClusterClasses,
            current: { () async throws(StorageFault) in
                try await find(decision.clusterClass.id, as: call.access)?.revision
            }
        )
    }

    private static func statement(
        for decision: ClusterClass.Decision,
        call: Call
    ) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.clusterClass.reference,
            tenant: nil,
            job: nil,
            event: decision.event
        )
    }

    static func insertion(
        of decision: ClusterClass.Decision,
        where condition: SQL
    ) -> SQL {
        let made = decision.clusterClass
        return """
            INSERT INTO cluster_class (
                id, name, labels, label_terms, definition, template, source_blueprint,
                source_version, phase, status, generation, revision, created_at, updated_at)
            SELECT \(made.id), \(made.name.text), \(Document(made.labels.write)),
                   \(made.labels.terms), \(Document(made.definition)), \(made.template),
                   \(made.source?.blueprint.text), \(made.source?.version),
                   \(decision.phase.rawValue), \(Document(made.status)), \(made.generation),
                   \(made.revision), \(made.createdAt), \(made.updatedAt)
             WHERE \(condition)
            RETURNING id
            """
    }

    static func update(to decision: ClusterClass.Decision, where condition: SQL) -> SQL {
        let made = decision.clusterClass
        return """
            UPDATE cluster_class
               SET labels = \(Document(made.labels.write)), label_terms = \(made.labels.terms),
                   definition = \(Document(made.definition)), template = \(made.template),
                   source_blueprint = \(made.source?.blueprint.text),
                   source_version = \(made.source?.version),
                   phase = \(decision.phase.rawValue), status = \(Document(made.status)),
                   generation = \(made.generation), revision = \(made.revision),
                   updated_at = \(made.updatedAt)
             WHERE \(condition)
            RETURNING id
            """
    }
}
