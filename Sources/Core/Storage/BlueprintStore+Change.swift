package import Domain
import Postgres

/// What becomes of the stored credentials of a blueprint.
package enum CredentialsChange: Sendable, Equatable {
    case keep
    case remove
    /// The text form of a sealed secret.
    case replace(sealed: String)
}

extension BlueprintStore {
    /// Stores a new blueprint with its job, event, audit entry and receipt.
    ///
    /// - Throws: `.nameTaken`, `.keyReused`, `.keyInProgress`, `.notFound` where the caller may
    ///   create none.
    package func create(
        _ decision: Blueprint.Decision,
        credentials: CredentialsChange,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        return try await change.perform(
            Self.insertion(
                of: decision.blueprint,
                credentials: credentials,
                where: change.statement.isNew
            )
        )
    }

    /// Stores a changed blueprint where it still is at the revision that was decided on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: Blueprint.Decision,
        credentials: CredentialsChange = .keep,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        return try await change.perform(
            Self.update(
                to: decision.blueprint,
                credentials: credentials,
                where: change.guarded(by: revision)
            )
        )
    }

    /// Removes a blueprint that no tenant is made from, with its versions.
    ///
    /// - Throws: `.inUse`, `.notFound`, `.stale` with the current revision, `.keyReused`,
    ///   `.keyInProgress`.
    package func remove(
        _ decision: Blueprint.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let blueprint = decision.blueprint.name
        return try await change(decision, for: call).remove(from: "blueprint", at: revision) {
            transaction in
            try await ClusterClassStore.withdraw(
                classesOf: blueprint,
                because: "The blueprint \(blueprint) is gone",
                at: call.at,
                in: transaction
            )
        }
    }

    private func change(_ decision: Blueprint.Decision, for call: Call) -> PlatformChange {
        PlatformChange(
            database: database,
            statement: Self.statement(for: decision, call: call),
            permission: .manageBlueprints,
            current: { () async throws(StorageFault) in
                try await find(decision.blueprint.id, as: call.access)?.revision
            }
        )
    }

    private static func statement(
        for decision: Blueprint.Decision,
        call: Call
    ) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.blueprint.reference,
            tenant: nil,
            job: decision.job,
            event: decision.event
        )
    }

    private static func insertion(
        of blueprint: Blueprint,
        credentials: CredentialsChange,
        where condition: SQL
    ) -> SQL {
        """
        INSERT INTO blueprint (
            id, name, labels, label_terms, spec, credentials, phase, status, generation, revision,
            created_at, updated_at)
        SELECT \(blueprint.id), \(blueprint.name.text), \(Document(blueprint.labels.write)),
               \(blueprint.labels.terms), \(Document(blueprint.spec.write)), \(credentials.sealed),
               \(blueprint.status.phase.rawValue), \(Document(blueprint.status.write)),
               \(blueprint.generation), \(blueprint.revision), \(blueprint.createdAt),
               \(blueprint.updatedAt)
         WHERE \(condition)
        RETURNING id
        """
    }

    private static func update(
        to blueprint: Blueprint,
        credentials: CredentialsChange,
        where condition: SQL
    ) -> SQL {
        let kept: SQL = credentials == .keep ? "credentials" : "\(credentials.sealed)"
        return """
            UPDATE blueprint
               SET labels = \(Document(blueprint.labels.write)),
                   label_terms = \(blueprint.labels.terms),
                   spec = \(Document(blueprint.spec.write)), credentials = \(kept),
                   phase = \(blueprint.status.phase.rawValue),
                   status = \(Document(blueprint.status.write)),
                   generation = \(blueprint.generation), revision = \(blueprint.revision),
                   updated_at = \(blueprint.updatedAt)
             WHERE \(condition)
            RETURNING id
            """
    }
}

extension CredentialsChange {
    var sealed: String? {
        guard case .replace(let sealed) = self else { return nil }
        return sealed
    }
}
