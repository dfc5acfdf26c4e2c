import Domain
import JSON
import Postgres

extension JobQueue {
    /// Writes what a step found out about a tenant's service.
    static func writeService(
        _ facts: [StepFact],
        of job: JobID,
        about subject: ObjectReference,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard let id = subject.id else { return }
        let rows = try await transaction.execute(
            """
            SELECT \(StoredService.columns) FROM service_instance
             WHERE id = \(id)
               FOR NO KEY UPDATE
            """
        )
        guard let row = rows.first else { return }
        let before = try StoredService(row).service()
        let counting = facts.counting(of: job, newest: before.status.job)
        let progress = before.progress(by: counting, of: job, at: now)
        try await ServiceStore.write(progress, by: job, at: now, in: transaction)
        guard facts.contains(.serviceRemoved) else {
            // A version that knew of no looks may have stored it.
            try await transaction.execute(LookTable.services.first(of: before.id))
            return
        }
        try await transaction.execute("DELETE FROM service_instance WHERE id = \(id)")
    }

    /// Writes what a step found out about a binding.
    static func writeBinding(
        _ facts: [StepFact],
        of job: JobID,
        about subject: ObjectReference,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard let id = subject.id else { return }
        let rows = try await transaction.execute(
            """
            SELECT \(StoredBinding.columns) FROM service_binding
             WHERE id = \(id)
               FOR NO KEY UPDATE
            """
        )
        guard let row = rows.first else { return }
        let before = try StoredBinding(row).binding()
        let counting = facts.counting(of: job, newest: before.status.job)
        let progress = before.progress(by: counting, of: job, at: now)
        try await BindingStore.write(progress, by: job, at: now, in: transaction)
        guard facts.contains(.bindingRemoved) else { return }
        try await transaction.execute("DELETE FROM service_binding WHERE id = \(id)")
        // The end of the service may wait for this.
        let service: ObjectReference = .service(
            before.service,
            before.serviceName,
            of: before.tenantName
        )
        try await transaction.execute(JobQueue.release(of: service))
    }
}
