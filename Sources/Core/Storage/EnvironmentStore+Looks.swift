package import Domain
import JSON
import Postgres

extension EnvironmentStore {
    /// How often each environment is looked at that is awake and not about to change.
    package static let lookEvery = LookTable.every

    /// Takes environments that are due to be looked at, the longest overdue first: no other
    /// process looks at them at the same time.
    ///
    /// Fewer than `limit` may come where others are asleep or changing: their turn is over as well.
    package func takeLooks(limit: Int) async throws(StorageFault) -> [Environment] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH \(LookTable.environments.turn(limit: limit))
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
            let wasReady = looked.status.phase == .ready
            let counts = try await LookTable.environments
                .counts(seen, of: looked.id, wasReady: wasReady, in: transaction)
            guard counts else { return false }
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
            let progress = environment.progress(by: [.environmentSeen(seen)], of: .none, at: now)
            guard progress.environment != environment else { return false }
            try await Self.write(progress, before: environment, at: now, in: transaction)
            return true
        }
    }
}
