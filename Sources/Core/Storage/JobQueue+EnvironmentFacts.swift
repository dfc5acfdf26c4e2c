import Domain
import JSON
import Postgres

extension JobQueue {
    /// Writes what a step found out about a tenant's environment.
    static func writeEnvironment(
        _ facts: [StepFact],
        of job: JobID,
        about subject: ObjectReference,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard let id = subject.id else { return }
        let rows = try await transaction.execute(
            """
            SELECT \(StoredEnvironment.columns) FROM environment
             WHERE id = \(id)
               FOR NO KEY UPDATE
            """
        )
        guard let row = rows.first else { return }
        let before = try StoredEnvironment(row).environment()
        let counting = facts.counting(of: job, newest: before.status.job)
        let progress = before.progress(by: counting, of: job, at: now)
        try await EnvironmentStore.write(progress, before: before, at: now, in: transaction)
        if !progress.ended.isEmpty {
            var random = SystemRandomNumberGenerator()
            let occasion = Occasion(at: now, using: &random)
            if let decision = progress.environment.restoration(on: occasion) {
                // The sweep finds out anew when it is due.
                try await EnvironmentStore.write(decision, dueAt: now, at: now, in: transaction)
            }
        }
        guard facts.contains(.environmentRemoved) else { return }
        try await transaction.execute("DELETE FROM environment WHERE id = \(id)")
    }

    /// Gives each of a tenant's environments a job to go.
    ///
    /// The tenant's row is locked by then.
    static func removeEnvironments(
        of tenant: TenantID,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT \(StoredEnvironment.columns) FROM environment
             WHERE tenant_id = \(tenant) AND phase <> 'deleting'
             -- Companions first: they would go a second time with those that they belong to.
             ORDER BY (status ->> 'companionOf') IS NULL, id
               FOR NO KEY UPDATE
            """
        )
        var random = SystemRandomNumberGenerator()
        for row in rows {
            let environment = try StoredEnvironment(row).environment()
            let occasion = Occasion(at: now, using: &random)
            let decision = environment.removal(because: .tenant, on: occasion)
            try await EnvironmentStore.write(decision, dueAt: nil, at: now, in: transaction)
        }
    }
}
