package import Domain
package import Postgres

extension JobQueue {
    /// What came of a request to end a job.
    package enum Cancellation: Sendable, Equatable {
        /// The job is cancelled.
        case ended
        /// The job runs; it ends after the step that is under way.
        case requested
        /// The job is over already, or there is none.
        case absent
    }

    /// Ends a job on request: at once where nobody works on it, after the running step otherwise.
    package func cancel(_ job: JobID) async throws -> Cancellation {
        let answer = try await database.transaction { transaction in
            try await Self.cancel(job, in: transaction)
        }
        announce()
        return answer
    }

    /// The same inside a transaction of the caller's.
    package static func cancel(
        _ job: JobID,
        in transaction: Transaction
    ) async throws -> Cancellation {
        let marked = try await transaction.execute(
            """
            UPDATE job
               SET cancel_requested_at = coalesce(cancel_requested_at, now()),
                   revision = revision + 1
             WHERE id = \(job)
            RETURNING state
            """
        )
        guard let row = marked.first else { return .absent }
        if try row.decode(0) == JobState.running.rawValue { return .requested }
        try await end(only: job, limit: 1, in: transaction)
        return .ended
    }

    /// Ends jobs that were asked to end and that nobody works on.
    ///
    /// - Returns: how many there were; as many as `batch` means that there may be more.
    package func endUnwanted(batch: Int) async throws -> Int {
        try await database.transaction { transaction in
            try await Self.end(only: nil, limit: batch, in: transaction)
        }
    }

    @discardableResult
    private static func end(
        only job: JobID?,
        limit: Int,
        in transaction: Transaction
    ) async throws -> Int {
        let rows = try await transaction.execute(
            """
            WITH ended AS (
                DELETE FROM job
                 WHERE id IN (
                    SELECT id FROM job
                     WHERE cancel_requested_at IS NOT NULL
                       AND state <> 'running'
                       AND (\(job)::uuid IS NULL OR id = \(job))
                     ORDER BY id
                     LIMIT \(limit)
                       FOR UPDATE SKIP LOCKED)
                   AND state <> 'running'
             RETURNING \(kept), \(noStep)
            )
            \(intoHistory(state: .cancelled))
            RETURNING id, subject_kind, subject_id, subject_name, tenant_id
            """
        )
        for row in rows {
            var row = row
            let job = try affected(by: &row)
            try await write(
                StepFact.cancellation(of: job.subject, job: job.id),
                of: job.id,
                about: job.subject,
                tenant: job.tenant,
                in: transaction
            )
        }
        return rows.count
    }

    /// Reads what a statement returned of a job whose state it changed: `id`, `subject_kind`,
    /// `subject_id`, `subject_name`, `tenant_id`.
    static func affected(
        by row: inout Row
    ) throws -> (id: JobID, subject: ObjectReference, tenant: TenantID?) {
        let id = try row.next(JobID.self)
        let kind = ObjectReference.Kind(rawValue: try row.next()) ?? .platform
        let subject = ObjectReference(kind: kind, id: try row.next(), name: try row.next())
        return (id, subject, try row.next())
    }

    /// The statement that lets a waiting job about a thing go on: what it waits for may be there.
    static func release(of subject: ObjectReference) -> SQL {
        """
        UPDATE job
           SET state = 'available', run_at = NULL, updated_at = now(), revision = revision + 1
         WHERE id IN (
            SELECT id FROM job
             WHERE lane = \(lane(of: subject)) AND state = 'waiting'
               AND cancel_requested_at IS NULL
               -- Who holds it is about to change it anyway; nobody here may wait for that.
               FOR UPDATE SKIP LOCKED)
        """
    }

    /// Brings a stalled job back, or a postponed one forward; its attempts start anew.
    ///
    /// - Returns: whether there was something to bring back.
    package func retry(_ job: JobID) async throws -> Bool {
        let rows = try await database.write(Self.retrial(where: "id = \(job)"))
        if !rows.isEmpty { announce() }
        return !rows.isEmpty
    }

    /// The statement behind `retry`; one row with the id where it brought a job back.
    static func retrial(where guards: SQL) -> SQL {
        """
        UPDATE job
           SET state = 'available', run_at = NULL, attempt = 0, crashes = 0,
               updated_at = now(), revision = revision + 1
         WHERE \(guards)
           AND state IN ('stalled', 'retryable', 'waiting')
           AND cancel_requested_at IS NULL
        RETURNING id
        """
    }
}
