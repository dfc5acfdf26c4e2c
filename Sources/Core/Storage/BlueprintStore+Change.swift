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
        guard case .everything = call.access.scope(for: .manageBlueprints) else {
            throw .notFound
        }
        let statement = Self.statement(for: decision, call: call)
        let insertion = Self.insertion(
            of: decision.blueprint,
            credentials: credentials,
            where: statement.isNew
        )
        let result = try await database.perform(statement, changing: insertion)
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
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
        let statement = Self.statement(for: decision, call: call)
        return try await change(
            decision.blueprint.id,
            as: call,
            Self.update(
                to: decision.blueprint,
                from: revision,
                credentials: credentials,
                where: statement.isNew
            ),
            statement
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
        var statement = Self.statement(for: decision, call: call)
        statement.supersedes = .unfinished
        let removal: SQL = """
            DELETE FROM blueprint
             WHERE id = \(decision.blueprint.id)
               AND revision = \(revision)
               AND \(statement.isNew)
            RETURNING id
            """
        do {
            return try await change(decision.blueprint.id, as: call, removal, statement)
        } catch .missingReference {
            // The same constraint, seen from its other side.
            throw .inUse
        }
    }

    private func change(
        _ id: BlueprintID,
        as call: Call,
        _ change: SQL,
        _ statement: ChangeStatement
    ) async throws(StorageFault) -> WriteOutcome {
        guard case .everything = call.access.scope(for: .manageBlueprints) else {
            throw .notFound
        }
        let result = try await database.perform(statement, changing: change)
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(id, as: call.access) else { throw .notFound }
        throw .stale(current: current.revision)
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
        from revision: Int64,
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
                   generation = \(blueprint.generation), revision = \(revision + 1),
                   updated_at = \(blueprint.updatedAt)
             WHERE id = \(blueprint.id)
               AND revision = \(revision)
               AND \(condition)
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
