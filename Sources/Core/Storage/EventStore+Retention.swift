import Domain
import Postgres

extension EventStore {
    /// Deletes events that are older than that, the oldest first; readers behind them are told.
    ///
    /// - Returns: how many there were; as many as `batch` means that there may be more.
    package func removeOld(
        olderThan age: Duration,
        batch: Int
    ) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                WITH front AS (
                    SELECT position,
                           -- Up to the first that is young enough: the log has no holes.
                           bool_and(at < now() - \(interval: age)) OVER (ORDER BY position)
                               AS is_old
                      FROM event
                     WHERE position > (SELECT trimmed FROM event_log)
                     ORDER BY position
                     LIMIT \(batch)
                ), trimmed AS (
                    UPDATE event_log SET trimmed = last_old.position
                      FROM (SELECT max(position) AS position FROM front WHERE is_old) last_old
                     WHERE last_old.position > event_log.trimmed
                 RETURNING last_old.position
                )
                DELETE FROM event
                 USING trimmed
                 WHERE event.position <= trimmed.position
                """
            ).affected
        }
    }
}
