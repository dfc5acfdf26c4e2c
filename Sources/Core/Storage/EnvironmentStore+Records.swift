package import Domain
import JSON
import Postgres

extension EnvironmentStore {
    /// Writes down what was seen of an environment, and tells what follows from it; nothing where
    /// it looks as it did.
    ///
    /// - Returns: whether something changed.
    @discardableResult
    package func record(
        _ seen: EnvironmentObservation,
        of id: EnvironmentID
    ) async throws(StorageFault) -> Bool {
        try await together(database) { transaction in
            let rows = try await transaction.execute(
                """
                SELECT now(), \(StoredEnvironment.columns) FROM environment
                 WHERE id = \(id)
                   FOR NO KEY UPDATE
                """
            )
            guard var row = rows.first else { return false }
            let now: Domain.Instant = try row.next()
            let environment = try StoredEnvironment(row).environment()
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

    /// Writes down that somebody has used an environment, which puts its idleness off; at most
    /// once in `interval`, so that a busy one is not written with every request.
    package func use(
        _ environment: EnvironmentID,
        atMostEvery interval: Duration = .seconds(300)
    ) async throws(StorageFault) {
        try await together(database) { transaction in
            let rows = try await transaction.execute(
                """
                SELECT now(), \(StoredEnvironment.columns) FROM environment
                 WHERE id = \(environment) AND used_at < now() - \(interval: interval)
                   FOR NO KEY UPDATE SKIP LOCKED
                """
            )
            guard var row = rows.first else { return }
            let now: Domain.Instant = try row.next()
            let status = try StoredEnvironment(row).environment().used(at: now).status
            // What was due for idleness is looked at by the sweep, and put off there.
            try await transaction.execute(
                """
                UPDATE environment
                   SET status = \(Document(status.write)), used_at = \(now),
                       expires_at = \(status.expiry?.at), revision = revision + 1,
                       updated_at = now()
                 WHERE id = \(environment)
                """
            )
        }
    }

    /// Writes what a job or a look came to, tells of it, and ends the roll-outs that it ends.
    static func write(
        _ progress: Environment.Progress,
        before: Environment,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let environment = progress.environment
        // What a deletion stopped that was given up goes on by the next sweep.
        let isBack = before.status.phase == .deleting && environment.status.phase != .deleting
        let due: SQL = isBack ? "\(now)" : "due_at"
        try await transaction.execute(
            """
            UPDATE environment
               SET phase = \(environment.status.phase.rawValue),
                   status = \(Document(environment.status.write)), due_at = \(due),
                   revision = revision + 1, updated_at = now()
             WHERE id = \(environment.id)
            """
        )
        for deployment in progress.begun {
            try await DeploymentStore.begin(deployment, at: now, in: transaction)
        }
        for outcome in progress.ended {
            try await DeploymentStore.end(outcome, of: environment, at: now, in: transaction)
        }
        var random = SystemRandomNumberGenerator()
        for type in progress.events {
            let event = environment.event(type, id: EventID(at: now, using: &random), at: now)
            try await transaction.execute(EventStore.insertion(of: event))
        }
    }

    /// Writes a decision that nobody called for.
    static func write(
        _ decision: Environment.Decision,
        dueAt: Domain.Instant?,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let environment = decision.environment
        try await transaction.execute(update(to: environment, dueAt: dueAt, where: "true"))
        if let which = supersession(by: decision) {
            try await transaction.execute(JobQueue.supersession(of: environment.reference, which))
        }
        if let job = decision.job { try await transaction.execute(JobQueue.insertion(of: job)) }
        try await transaction.execute(EventStore.insertion(of: decision.event))
        try await writeRollOuts(of: decision, at: now, in: transaction)
    }
}
