package import Domain
import JSON
import Postgres

extension BindingStore {
    /// All bindings of a service.
    package func all(of service: ServiceInstanceID) async throws(StorageFault) -> [ServiceBinding] {
        let found = try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredBinding.columns) FROM service_binding
                 WHERE service_id = \(service)
                 ORDER BY name
                 LIMIT \(ServiceInstance.bindingsMax)
                """
            )
            var found: [StoredBinding] = []
            for row in rows { found.append(try StoredBinding(row)) }
            return found
        }
        // One that cannot be read keeps no other from being looked at.
        return found.compactMap { try? $0.binding() }
    }

    /// Writes down what was found out about a binding between its jobs, where it still has the
    /// credential that it had when somebody looked.
    package func record(
        _ facts: [StepFact],
        of looked: ServiceBinding
    ) async throws(StorageFault) {
        try await together(database) { transaction in
            let rows = try await transaction.execute(
                """
                SELECT now(), \(StoredBinding.columns) FROM service_binding
                 WHERE id = \(looked.id) AND phase IN ('ready', 'rotating')
                   FOR NO KEY UPDATE
                """
            )
            guard var row = rows.first else { return }
            let now: Domain.Instant = try row.next()
            let binding = try StoredBinding(row).binding()
            guard binding.status.current?.number == looked.status.current?.number else { return }
            let progress = binding.progress(by: facts, of: .none, at: now)
            guard progress.binding != binding || !progress.events.isEmpty else { return }
            try await Self.write(progress, by: nil, at: now, in: transaction)
        }
    }

    /// Writes what a job or a look came to, and tells of it.
    static func write(
        _ progress: ServiceBinding.Progress,
        by job: JobID?,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        var next = progress.binding
        next.updatedAt = now
        try await transaction.execute(update(to: next, where: "true"))
        var random = SystemRandomNumberGenerator()
        for (type, credential) in progress.events {
            let event = next.event(type, id: EventID(at: now, using: &random), at: now) { data in
                data.member("jobId", ifPresent: job?.description)
                if let credential { data.member("credential", credential) }
            }
            try await transaction.execute(EventStore.insertion(of: event))
        }
    }
}
