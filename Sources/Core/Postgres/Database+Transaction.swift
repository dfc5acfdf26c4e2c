internal import EventLoop

extension Database {
    /// The longest pause before a transaction that collided runs again, times the attempt.
    private static let collisionPauseMax = Duration.milliseconds(20)

    /// Runs `body` between BEGIN and COMMIT on a session that it has to itself; ROLLBACK when it
    /// throws.
    ///
    /// After a collision (40001, 40P01) or the loss of the session before COMMIT `body` runs again,
    /// so it must touch nothing but the transaction.
    ///
    /// - Throws: what `body` throws, or `DatabaseFault`.
    @discardableResult
    package func transaction<Value: Sendable>(
        _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        let sessions = here
        var attempt = 1
        while true {
            try Task.checkCancellation()
            let lease = try await acquire(sessions)
            do {
                let value = try await body(Transaction(lease: lease))
                try await lease.commit()
                await lease.end()
                return value
            } catch {
                await lease.end()
                guard attempt < options.transactionAttemptsMax, lease.mayRepeat else {
                    throw error
                }
            }
            try await sessions.loop.sleep(
                for: Self.collisionPauseMax * attempt * Double.random(in: 0...1)
            )
            attempt += 1
        }
    }

    private func acquire(
        _ sessions: LoopSessions
    ) async throws(DatabaseFault) -> TransactionLease {
        try await Wakeup<TransactionLease, DatabaseFault>.wait { wakeup in
            sessions.loop.onThread { sessions.transactions.acquire(wakeup) }
        }
    }
}
