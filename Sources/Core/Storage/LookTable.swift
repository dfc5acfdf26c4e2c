import Domain
import Postgres

/// When things of one kind are looked at between their jobs, and how often in a row one was not as
/// it should be.
struct LookTable: Sendable {
    /// How often each is looked at that is not about to change.
    static let every: Duration = .seconds(60)
    /// When one is looked at again that was not as it should be.
    private static let againAfter: Duration = .seconds(10)
    /// How often in a row one is seen not as it should be before that counts: what is replaced is
    /// away for a moment.
    private static let looksMin = 2

    static let environments = LookTable(table: "environment_look", key: "environment_id")
    static let services = LookTable(table: "service_look", key: "service_id")

    let table: SQL
    let key: SQL

    /// The common table expressions `due` and `taken`: those whose turn it is, the longest overdue
    /// first, which no other process looks at at the same time.
    func turn(limit: Int) -> SQL {
        """
        due AS (
            SELECT \(key) FROM \(table)
             WHERE look_at <= now()
             ORDER BY look_at
             LIMIT \(limit)
               FOR NO KEY UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE \(table)
               -- Spread anew each time, so that no crowd stays together.
               SET look_at = now() + \(interval: Self.every) * (0.9 + 0.2 * random())
              FROM due
             WHERE \(table).\(key) = due.\(key)
         RETURNING \(table).\(key)
        )
        """
    }

    /// Whether what was seen of one counts: that it is no longer as it should be does once it was
    /// seen so twice.
    func counts<Thing>(
        _ seen: EnvironmentObservation,
        of thing: ID<Thing>,
        wasReady: Bool,
        in transaction: Transaction
    ) async throws -> Bool {
        guard let isReady = seen.isReady else { return true }
        let lacking = try await lacking(isReady, of: thing, in: transaction)
        return isReady || !wasReady || lacking >= Self.looksMin
    }

    /// How often in a row one was not as it should be, this time included.
    private func lacking<Thing>(
        _ isReady: Bool,
        of thing: ID<Thing>,
        in transaction: Transaction
    ) async throws -> Int {
        guard !isReady else {
            try await transaction.execute(
                "UPDATE \(table) SET lacking = 0 WHERE \(key) = \(thing) AND lacking > 0"
            )
            return 0
        }
        let rows = try await transaction.execute(
            """
            UPDATE \(table)
               SET lacking = least(lacking + 1, \(Int32(Self.looksMin))),
                   look_at = CASE WHEN lacking = 0
                       THEN now() + \(interval: Self.againAfter) ELSE look_at END
             WHERE \(key) = \(thing)
            RETURNING lacking
            """
        )
        return try rows.first?.decode(0) ?? Self.looksMin
    }

    /// The statement that has a new one looked at, at a moment of its own.
    func first<Thing>(of thing: ID<Thing>) -> SQL {
        """
        INSERT INTO \(table) (\(key), look_at)
        VALUES (\(thing), now() + \(interval: Self.every) * random())
        ON CONFLICT (\(key)) DO NOTHING
        """
    }
}

extension JobID {
    /// The id of no job, for what is found out without one.
    static var none: JobID { JobID(high: 0, low: 0) }
}
