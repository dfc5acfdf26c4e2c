package import Domain
import JSON
import Postgres

extension EnvironmentStore {
    /// How often the use of an environment is written down at most.
    package static let useEvery: Duration = .seconds(60)

    /// Writes down that somebody has used an environment, which puts its idleness off; at most
    /// once in `useEvery`, so that a busy one is not written with every request.
    ///
    /// With it everything is used that it depends on.
    ///
    /// - Returns: whether it was written down now.
    @discardableResult
    package func use(_ environment: EnvironmentID) async throws(StorageFault) -> Bool {
        let used = try await together(database) { transaction -> Environment? in
            let rows = try await transaction.execute(
                """
                SELECT now(), \(StoredEnvironment.columns) FROM environment
                 WHERE id = \(environment) AND phase <> 'deleting'
                   AND used_at < now() - \(interval: Self.useEvery)
                   FOR NO KEY UPDATE SKIP LOCKED
                """
            )
            guard var row = rows.first else { return nil }
            let now: Domain.Instant = try row.next()
            let used = try StoredEnvironment(row).environment().used(at: now)
            let status = used.status
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
            return used
        }
        guard let used else { return false }
        // There is no way back to where it began, and each is written down once in a while.
        for name in used.needs { try await use(name, of: used.tenantName) }
        return true
    }

    /// The same for the environment of that name, where there is one.
    package func use(
        _ name: EnvironmentName,
        of tenant: TenantName
    ) async throws(StorageFault) {
        guard let found = try await find(name, of: tenant, as: .system) else { return }
        try await use(found.id)
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
        if isBack { try await settleDependents(on: environment, at: now, in: transaction) }
        for deployment in progress.begun {
            try await DeploymentStore.begin(deployment, at: now, in: transaction)
        }
        for outcome in progress.ended {
            try await DeploymentStore.end(outcome, of: environment, at: now, in: transaction)
        }
        if progress.ended.contains(where: { $0.state == .succeeded }) {
            try await ServiceStore.release(what: environment, leavesAt: now, in: transaction)
            try await removeCompanions(
                of: environment,
                keeping: environment.companions,
                following: AuditCause(environment.reference),
                at: now,
                in: transaction
            )
        }
        var random = SystemRandomNumberGenerator()
        for type in progress.events {
            let event = environment.event(type, id: EventID(at: now, using: &random), at: now)
            try await transaction.execute(EventStore.insertion(of: event))
        }
    }

    /// Writes a decision that nobody called for; what goes with it follows from that cause, or
    /// from the environment.
    static func write(
        _ decision: Environment.Decision,
        dueAt: Domain.Instant?,
        following cause: AuditCause? = nil,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let environment = decision.environment
        try await transaction.execute(update(to: environment, dueAt: dueAt, where: "true"))
        try await settleDependents(on: environment, at: now, in: transaction)
        try await settleBelongings(
            of: environment,
            following: cause ?? AuditCause(environment.reference),
            at: now,
            in: transaction
        )
        try await transaction.writeConsequences(
            of: environment.reference,
            givingUp: supersession(by: decision),
            job: decision.job,
            event: decision.event
        )
        try await writeRollOuts(of: decision, at: now, in: transaction)
    }
}
