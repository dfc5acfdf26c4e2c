package import Domain
import JSON
import Postgres

extension BlueprintVersionStore {
    /// Gives a version another state; one that becomes the default takes that from the one before.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func setState(
        _ state: BlueprintVersion.State,
        of version: BlueprintVersion,
        in blueprint: BlueprintName,
        replacing revision: Int64,
        event: EventID,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard case .everything = call.access.scope(for: .manageBlueprints) else {
            throw .notFound
        }
        var next = version
        next.state = state
        let statement = Self.statement(for: next, in: blueprint, event: event, call: call)
        do {
            return try await database.transaction { transaction in
                try await Self.move(next, from: revision, statement, in: transaction)
                return .written
            }
        } catch let end as Interruption {
            if let answer = end.answer { return .replayed(answer) }
        } catch let fault as StorageFault {
            throw fault
        } catch let fault as DatabaseFault {
            throw StorageFault(fault)
        } catch {
            throw .unreadable("\(error)")
        }
        let current = try await find(version.version, of: blueprint, as: call.access)
        guard let current else { throw .notFound }
        throw .stale(current: current.revision)
    }

    /// Why a transaction is taken back without being a fault of the database.
    private struct Interruption: Error {
        /// The answer to a repeated call; nil where the guard of the row did not hold.
        let answer: StoredAnswer?
    }

    private static func move(
        _ version: BlueprintVersion,
        from revision: Int64,
        _ statement: ChangeStatement,
        in transaction: Transaction
    ) async throws {
        // Locked first: there is one default, so changes of a blueprint's versions take turns.
        let status = try await transaction.execute(
            "SELECT status FROM blueprint WHERE id = \(version.blueprint) FOR UPDATE"
        )
        guard let row = status.first else { throw Interruption(answer: nil) }
        if version.state == .default {
            try await transaction.execute(demotion(besides: version, at: statement.call.at))
        }
        let rows = try await transaction.execute(
            statement.sql(
                changing: """
                    UPDATE blueprint_version
                       SET state = \(version.state.rawValue), updated_at = \(statement.call.at),
                           revision = revision + 1
                     WHERE id = \(version.id)
                       AND revision = \(revision)
                       AND \(statement.isNew)
                    RETURNING id
                    """
            )
        )
        switch try statement.result(of: rows) {
        case .unchanged: throw Interruption(answer: nil)
        case .outcome(.replayed(let answer)): throw Interruption(answer: answer)
        case .outcome(.written): break
        }
        try await tellDefault(
            of: version.blueprint,
            in: try row.decode(0),
            at: statement.call.at,
            transaction
        )
    }

    private static func demotion(
        besides version: BlueprintVersion,
        at moment: Domain.Instant
    ) -> SQL {
        """
        UPDATE blueprint_version
           SET state = 'proposed', updated_at = \(moment), revision = revision + 1
         WHERE blueprint_id = \(version.blueprint)
           AND state = 'default'
           AND id <> \(version.id)
        """
    }

    /// Brings the status of the blueprint to the default that its versions have now.
    private static func tellDefault(
        of blueprint: BlueprintID,
        in document: [UInt8],
        at moment: Domain.Instant,
        _ transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT version FROM blueprint_version
             WHERE blueprint_id = \(blueprint) AND state = 'default'
            """
        )
        var status = try BlueprintStatus(reading: try parsed(document))
        let version: String? = try rows.first?.decode(0)
        guard status.defaultVersion != version else { return }
        status.defaultVersion = version
        try await transaction.execute(
            """
            UPDATE blueprint
               SET status = \(Document(status.write)), updated_at = \(moment),
                   revision = revision + 1
             WHERE id = \(blueprint)
            """
        )
    }

    private static func statement(
        for version: BlueprintVersion,
        in blueprint: BlueprintName,
        event: EventID,
        call: Call
    ) -> ChangeStatement {
        let object = ObjectReference.version(version.version, of: version.blueprint, blueprint)
        let data = Document { writer in
            writer.object { writer in
                writer.member("blueprint", blueprint.text)
                writer.member("version", version.version)
                writer.member("state", version.state.rawValue)
            }
        }
        return ChangeStatement(
            call: call,
            object: object,
            tenant: nil,
            event: Event(
                id: event,
                type: .versionChanged,
                subject: object,
                tenant: nil,
                at: call.at,
                data: data.bytes
            )
        )
    }
}
