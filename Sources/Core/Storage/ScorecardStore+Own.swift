import Catalog
package import Domain
import JSON
import Postgres
package import Scorecards

extension ScorecardStore {
    /// The scorecard of that name; nil where nobody wrote one that the caller may see.
    package func find(
        _ name: ScorecardName,
        as access: Access
    ) async throws(StorageFault) -> OwnScorecard? {
        guard access.allows(.readCatalog) else { return nil }
        let stored = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                "SELECT \(StoredScorecard.columns) FROM scorecard WHERE name = \(name.text)"
            ).first.map(StoredScorecard.init)
        }
        return try stored?.scorecard()
    }

    /// All that were written, by name.
    package func list(as access: Access) async throws(StorageFault) -> [OwnScorecard] {
        guard access.allows(.readCatalog) else { return [] }
        let stored = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT \(StoredScorecard.columns) FROM scorecard
                 ORDER BY name LIMIT \(unsafeSQL: String(OwnScorecard.countMax))
                """
            ).map(StoredScorecard.init)
        }
        return try stored.map { stored throws(StorageFault) in try stored.scorecard() }
    }

    /// Stores a new one with its event, audit entry and receipt; it is judged by at once.
    ///
    /// - Throws: `.nameTaken`, `.scorecardsExhausted` where there are as many as may be,
    ///   `.keyReused`, `.keyInProgress`, `.notFound` where the caller may create none.
    package func create(
        _ decision: OwnScorecard.Decision,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        let own = decision.own
        return try await change.perform(
            """
            INSERT INTO scorecard (
                id, name, document, revision, due_at, created_at, updated_at)
            SELECT \(own.id), \(own.scorecard.name.text), \(own.scorecard.stored),
                   \(own.revision), now(), \(own.createdAt), \(own.updatedAt)
             WHERE \(change.statement.isNew)
            RETURNING id
            """
        ) { transaction in
            try await transaction.keepRoom(
                in: "scorecard",
                most: OwnScorecard.countMax,
                else: .scorecardsExhausted
            )
        }
    }

    /// Stores a changed one where it still is at the revision that was decided on.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: OwnScorecard.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let change = change(decision, for: call)
        let own = decision.own
        return try await change.perform(
            """
            UPDATE scorecard
               SET document = \(own.scorecard.stored), revision = \(own.revision),
                   due_at = now(), judged_at = NULL, updated_at = \(own.updatedAt)
             WHERE \(change.guarded(by: revision))
            RETURNING id
            """
        )
    }

    /// Removes one; its results go with the next sweep.
    ///
    /// - Throws: as `store` does.
    package func remove(
        _ decision: OwnScorecard.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        try await change(decision, for: call).remove(from: "scorecard", at: revision)
    }

    private func change(_ decision: OwnScorecard.Decision, for call: Call) -> PlatformChange {
        PlatformChange(
            database: database,
            statement: ChangeStatement(
                call: call,
                object: decision.own.reference,
                tenant: nil,
                event: decision.event
            ),
            permission: .manageScorecards,
            current: { () async throws(StorageFault) in
                try await find(decision.own.scorecard.name, as: call.access)?.revision
            }
        )
    }

    /// Removes results of scorecards that are gone, a batch of them; `shipped` are those that
    /// nobody wrote.
    ///
    /// - Returns: how many rows went.
    package func removeForgotten(
        besides shipped: [String],
        batch: Int
    ) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            var count = 0
            for table in ["scorecard_result", "scorecard_history"] {
                let rows = try await database.write(
                    """
                    WITH gone AS (
                        DELETE FROM \(unsafeSQL: table) WHERE ctid IN (
                            SELECT r.ctid FROM \(unsafeSQL: table) r
                             WHERE r.scorecard <> ALL (\(shipped))
                               AND NOT EXISTS (
                                SELECT FROM scorecard s WHERE s.name = r.scorecard)
                             LIMIT \(rows: batch))
                        RETURNING 1)
                    SELECT count(*) FROM gone
                    """
                )
                count += try rows[0].decode(0, as: Int.self)
            }
            return count
        }
    }
}

/// A scorecard as it is stored, its document not read yet.
struct StoredScorecard: Sendable {
    private let id: ScorecardID
    private let document: [UInt8]
    private let revision: Int64
    private let round: OwnScorecard.Round?
    private let createdAt: Domain.Instant
    private let updatedAt: Domain.Instant

    static let columns: SQL = """
        id, document, revision, judged_at, judged, is_complete, created_at, updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        id = try row.decode(0)
        document = try row.decode(1)
        revision = try row.decode(2)
        let judgedAt: Domain.Instant? = try row.decode(3)
        let entities = Int(try row.decode(4, as: Int32.self))
        let isComplete: Bool = try row.decode(5)
        round = judgedAt.map {
            OwnScorecard.Round(at: $0, entities: entities, isComplete: isComplete)
        }
        createdAt = try row.decode(6)
        updatedAt = try row.decode(7)
    }

    func scorecard() throws(StorageFault) -> OwnScorecard {
        let value = try parsed(document)
        let scorecard: Scorecard
        do throws(EntityFaults) {
            scorecard = try Scorecard(reading: value)
        } catch {
            throw .unreadable("scorecard \(id)")
        }
        return OwnScorecard(
            id: id,
            scorecard: scorecard,
            revision: revision,
            round: round,
            createdAt: createdAt,
            updatedAt: updatedAt
        )
    }
}

extension Scorecard {
    fileprivate var stored: Document { Document { $0.value(.object(document)) } }
}
