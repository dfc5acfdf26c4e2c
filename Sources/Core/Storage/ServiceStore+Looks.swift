package import Domain
import JSON
import Postgres

extension ServiceStore {
    /// Takes services that are due to be looked at, the longest overdue first: no other process
    /// looks at them at the same time.
    ///
    /// Fewer than `limit` may come where others are changing or paused: their turn is over as well.
    package func takeLooks(limit: Int) async throws(StorageFault) -> [ServiceInstance] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH \(LookTable.services.turn(limit: limit))
                SELECT \(StoredService.columns)
                  FROM taken JOIN service_instance ON id = service_id
                 WHERE phase IN ('ready', 'degraded')
                """
            )
            var due: [ServiceInstance] = []
            for row in rows {
                // One that cannot be read keeps no other from its turn.
                guard let service = try? StoredService(row).service() else { continue }
                due.append(service)
            }
            return due
        }
    }

    /// Writes down what was seen of a service between its jobs, where it still is as it was when
    /// somebody looked; what is not as it should be counts once it was seen twice.
    ///
    /// - Returns: whether something changed.
    @discardableResult
    package func record(
        _ seen: EnvironmentObservation,
        of looked: ServiceInstance
    ) async throws(StorageFault) -> Bool {
        try await together(database) { transaction in
            let wasReady = looked.status.phase == .ready
            let counts = try await LookTable.services
                .counts(seen, of: looked.id, wasReady: wasReady, in: transaction)
            guard counts else { return false }
            let rows = try await transaction.execute(
                """
                SELECT now(), \(StoredService.columns) FROM service_instance
                 WHERE id = \(looked.id) AND generation = \(looked.generation)
                   AND phase IN ('ready', 'degraded')
                   FOR NO KEY UPDATE
                """
            )
            guard var row = rows.first else { return false }
            let now: Domain.Instant = try row.next()
            let service = try StoredService(row).service()
            guard service.status.live == looked.status.live, service.status.coming == nil else {
                return false
            }
            let progress = service.progress(by: [.serviceSeen(seen)], of: .none, at: now)
            guard progress.service != service else { return false }
            try await Self.write(progress, by: nil, at: now, in: transaction)
            return true
        }
    }

    /// Writes what a job or a look came to, and tells of it.
    static func write(
        _ progress: ServiceInstance.Progress,
        by job: JobID?,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        var next = progress.service
        next.updatedAt = now
        try await transaction.execute(update(to: next, where: "true"))
        var random = SystemRandomNumberGenerator()
        for (type, reason) in progress.events {
            let event = next.event(type, id: EventID(at: now, using: &random), at: now) { data in
                data.member("jobId", ifPresent: job?.description)
                data.member("reason", ifPresent: reason)
            }
            try await transaction.execute(EventStore.insertion(of: event))
        }
    }
}
