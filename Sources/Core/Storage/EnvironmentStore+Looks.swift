package import Domain
import JSON
import Postgres

extension EnvironmentStore {
    /// How often each environment is looked at that is awake and not about to change.
    package static let lookEvery: Duration = .seconds(60)
    /// When one is looked at again that was not as it should be.
    private static let lookAgainAfter: Duration = .seconds(10)
    /// How often in a row an environment is seen not as it should be before that counts: what is
    /// replaced is away for a moment.
    private static let looksMin = 2

    /// Takes environments that are due to be looked at, the longest overdue first: no other
    /// process looks at them at the same time.
    ///
    /// Fewer than `limit` may come where others are asleep or changing: their turn is over as well.
    package func takeLooks(limit: Int) async throws(StorageFault) -> [Environment] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH due AS (
                    SELECT environment_id FROM environment_look
                     WHERE look_at <= now()
                     ORDER BY look_at
                     LIMIT \(limit)
                       FOR NO KEY UPDATE SKIP LOCKED
                ), taken AS (
                    UPDATE environment_look
                       -- Spread anew each time, so that no crowd stays together.
                       SET look_at = now() + \(interval: Self.lookEvery) * (0.9 + 0.2 * random())
                      FROM due
                     WHERE environment_look.environment_id = due.environment_id
                 RETURNING environment_look.environment_id
                )
                SELECT \(StoredEnvironment.columns)
                  FROM taken JOIN environment ON id = environment_id
                 WHERE phase IN ('ready', 'degraded') AND is_awake
                """
            )
            var due: [Environment] = []
            for row in rows {
                // What cannot be read is told by the sweep.
                guard let environment = try? StoredEnvironment(row).environment() else { continue }
                due.append(environment)
            }
            return due
        }
    }

    /// Writes down what was seen of an environment between its jobs, where it still is as it was
    /// when somebody looked; what is not as it should be counts once it was seen twice.
    ///
    /// - Returns: whether something changed.
    @discardableResult
    package func record(
        _ seen: EnvironmentObservation,
        of looked: Environment
    ) async throws(StorageFault) -> Bool {
        try await together(database) { transaction in
            if let isReady = seen.isReady {
                let count = try await Self.count(isReady, of: looked.id, in: transaction)
                let isNew = looked.status.phase == .ready && !isReady
                guard !isNew || count >= Self.looksMin else { return false }
            }
            let rows = try await transaction.execute(
                """
                SELECT now(), \(StoredEnvironment.columns) FROM environment
                 WHERE id = \(looked.id) AND generation = \(looked.generation)
                   AND phase IN ('ready', 'degraded') AND is_awake
                   FOR NO KEY UPDATE
                """
            )
            guard var row = rows.first else { return false }
            let now: Domain.Instant = try row.next()
            let environment = try StoredEnvironment(row).environment()
            guard environment.status.live == looked.status.live,
                environment.status.coming == nil
            else { return false }
            // No job is asked about here, and none has this id.
            let nobody = JobID(high: 0, low: 0)
            let progress = environment.progress(
                by: [.environmentSeen(seen)],
                of: nobody,
                at: now
            )
            guard progress.environment != environment else { return false }
            try await Self.write(progress, before: environment, at: now, in: transaction)
            return true
        }
    }

    /// How often in a row the environment was not as it should be, this time included.
    private static func count(
        _ isReady: Bool,
        of environment: EnvironmentID,
        in transaction: Transaction
    ) async throws -> Int {
        guard !isReady else {
            try await transaction.execute(
                """
                UPDATE environment_look SET lacking = 0
                 WHERE environment_id = \(environment) AND lacking > 0
                """
            )
            return 0
        }
        let rows = try await transaction.execute(
            """
            UPDATE environment_look
               SET lacking = least(lacking + 1, \(Int32(looksMin))),
                   look_at = CASE WHEN lacking = 0
                       THEN now() + \(interval: lookAgainAfter) ELSE look_at END
             WHERE environment_id = \(environment)
            RETURNING lacking
            """
        )
        return try rows.first?.decode(0) ?? looksMin
    }

    /// The statement that has a new environment looked at, at a moment of its own.
    static func firstLook(at environment: EnvironmentID) -> SQL {
        """
        INSERT INTO environment_look (environment_id, look_at)
        VALUES (\(environment), now() + \(interval: lookEvery) * random())
        ON CONFLICT (environment_id) DO NOTHING
        """
    }
}
