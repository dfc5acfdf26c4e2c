package import Domain
import JSON
import Postgres

/// What platforms asked for through Open Service Broker.
package struct BrokerStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The entry of these ids, whosever it is; nil where there never was one.
    ///
    /// Who may see it is decided by whoever asks, because an id that is taken is taken for all.
    package func find(
        instance: String,
        binding: String = ""
    ) async throws(StorageFault) -> BrokerEntry? {
        let rows = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT tenant_id, subject_id, request, originator, operation, job_id
                  FROM broker_entry
                 WHERE instance_id = \(instance) AND binding_id = \(binding)
                """
            )
        }
        guard var row = rows.first else { return nil }
        let (tenant, subject, request, originator, operation, job) =
            try await translating { () throws(DatabaseFault) in
                (
                    try row.next() as TenantID, try row.next() as ID<ObjectReference>,
                    try row.next() as [UInt8], try row.next() as String?,
                    try row.next() as String, try row.next() as JobID?
                )
            }
        return BrokerEntry(
            instance: instance,
            binding: binding,
            tenant: tenant,
            subject: subject,
            request: try parsed(request),
            originator: originator,
            operation: BrokerEntry.Operation(rawValue: operation) ?? .provision,
            job: job
        )
    }

    /// The statement that writes an entry, or what became of one.
    static func write(_ entry: BrokerEntry, at now: Domain.Instant) -> SQL {
        """
        INSERT INTO broker_entry (
            instance_id, binding_id, tenant_id, subject_id, request, originator, operation, job_id,
            created_at, updated_at)
        VALUES (
            \(entry.instance), \(entry.binding), \(entry.tenant), \(entry.subject),
            \(Document(entry.request.serialized())), \(entry.originator),
            \(entry.operation.rawValue), \(entry.job), \(now), \(now))
        ON CONFLICT ON CONSTRAINT broker_entry_has_its_ids DO UPDATE
           SET request = excluded.request, originator = excluded.originator,
               operation = excluded.operation, job_id = excluded.job_id, updated_at = \(now)
         -- An id is never used again for something else.
         WHERE broker_entry.subject_id = excluded.subject_id
        RETURNING 1
        """
    }
}

extension Transaction {
    /// Writes an entry with the change that it is about.
    ///
    /// - Throws: `.nameTaken` where the id stands for something else.
    func note(_ entry: BrokerEntry?, at now: Domain.Instant) async throws {
        guard let entry else { return }
        let rows = try await execute(BrokerStore.write(entry, at: now))
        guard !rows.isEmpty else { throw StorageFault.nameTaken }
    }
}
