package import Domain
import JSON
import Postgres

extension JobQueue {
    /// Writes down the result of an attempt and what it changes in the domain, in one transaction.
    ///
    /// - Returns: whether somebody asked to end the job in the meantime.
    /// - Throws: `QueueFault.leaseLost` where the lease is not current, with nothing written;
    ///   another `QueueFault` where the database did not take it.
    package func record(_ record: JobRecord) async throws -> Bool {
        if record.facts.isEmpty {
            let rows = try await database.writePinned(Self.statement(for: record))
            if let row = rows.first { return try row.decode(0) }
            guard let earlier = Self.earlier(record) else { throw QueueFault.leaseLost }
            return try Self.wantsCancel(try await database.read(earlier))
        }
        defer { if record.facts.contains(where: \.ordersJobs) { announce() } }
        return try await database.transaction { transaction in
            let answers = try await transaction.execute(
                all: [QueueDatabase.pin, Self.statement(for: record)])
            guard let row = answers[1].first else {
                guard let earlier = Self.earlier(record) else { throw QueueFault.leaseLost }
                return try Self.wantsCancel(try await transaction.execute(earlier))
            }
            let wantsCancel = try row.decode(0, as: Bool.self)
            try await Self.write(
                record.facts,
                of: record.lease.job,
                about: record.subject,
                tenant: record.tenant,
                in: transaction
            )
            return wantsCancel
        }
    }

    /// Writes down that jobs without facts of their own are done, all in one transaction.
    ///
    /// - Returns: the jobs whose lease was current; the others changed nothing.
    package func complete(_ records: [JobRecord]) async throws -> Set<JobID> {
        var steps: [String] = []
        var findings: [JSONText] = []
        for record in records {
            guard case .completed(let found) = record.result else {
                preconditionFailure("only finished jobs are completed in one go")
            }
            steps.append(record.step)
            findings.append(Self.document(found))
        }
        let rows = try await database.writePinned(
            """
            WITH result AS (
                SELECT *
                  FROM unnest(
                    \(records.map(\.lease.job)), \(records.map(\.lease.number)), \(steps),
                    \(findings)) AS r (job, number, done, evidence)
            ), ended AS (
                DELETE FROM job
                 USING result
                 WHERE job.id = ANY (\(records.map(\.lease.job)))
                   AND job.id = result.job
                   AND job.lease = result.number
                   AND job.worker IS NOT NULL
             RETURNING \(Self.kept), result.done, result.evidence
            )
            \(Self.intoHistory(state: .completed))
            RETURNING id
            """
        )
        var completed = Set<JobID>(minimumCapacity: rows.count)
        for row in rows { completed.insert(try row.decode(0)) }
        return completed
    }

    private static func wantsCancel(_ rows: Rows) throws -> Bool {
        guard let row = rows.first else { throw QueueFault.leaseLost }
        return try row.decode(0)
    }

    /// Finds a step that was recorded before, by a call whose answer was lost; nil for results
    /// after which the job is no longer held.
    private static func earlier(_ record: JobRecord) -> SQL? {
        guard case .advanced = record.result else { return nil }
        return """
            SELECT cancel_requested_at IS NOT NULL
              FROM job
             WHERE id = \(record.lease.job)
               AND lease = \(record.lease.number)
               AND worker IS NOT NULL
               AND \(isDone(record.step))
            """
    }

    private static func isDone(_ step: String) -> SQL {
        "steps @> jsonb_build_array(jsonb_build_object('name', \(step)::text))"
    }

    /// One statement for one result; no row where the lease is not current, or the step is
    /// recorded already.
    private static func statement(for record: JobRecord) -> SQL {
        switch record.result {
        case .advanced(let findings, let next):
            update(
                record,
                """
                steps = steps || \(doneStep(record.step, findings)), step = \(next), attempt = 1,
                crashes = 0, reason = NULL, waiting_on = NULL, waiting_since = NULL,
                released_by = NULL
                """,
                where: "NOT \(isDone(record.step))"
            )
        case .completed(let findings):
            end(
                record.lease,
                .completed,
                adding: "\(record.step)::text AS done, \(document(findings))::jsonb AS evidence"
            )
        case .cancel:
            end(record.lease, .cancelled, adding: noStep)
        case .retry(let delay, let reason):
            update(
                record,
                """
                state = 'retryable', step = \(record.step), worker = NULL,
                run_at = now() + \(interval: delay),
                reason = \(reason), waiting_on = NULL, waiting_since = NULL, released_by = NULL
                """
            )
        case .wait(let on, let releasedBy, let delay):
            update(
                record,
                """
                state = 'waiting', step = \(record.step), worker = NULL,
                run_at = now() + \(interval: delay),
                attempt = greatest(attempt - 1, 0), reason = NULL, waiting_on = \(on),
                waiting_since = CASE WHEN waiting_on = \(on) THEN waiting_since ELSE now() END,
                released_by = \(releasedBy)
                """
            )
        case .stall(let reason):
            update(
                record,
                "state = 'stalled', step = \(record.step), worker = NULL, reason = \(reason)"
            )
        case .handBack:
            update(
                record,
                """
                state = 'available', step = \(record.step), worker = NULL,
                attempt = greatest(attempt - 1, 0)
                """
            )
        }
    }

    private static func update(
        _ record: JobRecord,
        _ assignments: SQL,
        where condition: SQL = "true"
    ) -> SQL {
        """
        UPDATE job
           SET \(assignments), updated_at = now(), revision = revision + 1
         WHERE id = \(record.lease.job)
           AND lease = \(record.lease.number)
           AND worker IS NOT NULL
           AND \(condition)
        RETURNING cancel_requested_at IS NOT NULL
        """
    }

    private static func end(_ lease: Lease, _ state: JobState, adding lastStep: SQL) -> SQL {
        """
        WITH ended AS (
            DELETE FROM job
             WHERE id = \(lease.job)
               AND lease = \(lease.number)
               AND worker IS NOT NULL
         RETURNING \(kept), \(lastStep)
        )
        \(intoHistory(state: state))
        RETURNING false
        """
    }

    /// What `intoHistory` takes over from a row of `job`.
    static let kept: SQL = """
        job.id, job.place, job.kind, job.tenant_id, job.subject_kind, job.subject_id,
        job.subject_name, job.lane, job.input, job.requested_by, job.traceparent, job.steps,
        job.attempt, job.crashes, job.lease, job.reason, job.cancel_requested_at, job.revision,
        job.created_at, job.started_at, job.updated_at
        """

    /// The last step of a job that ends without one.
    static let noStep: SQL = "NULL::text AS done, NULL::jsonb AS evidence"

    /// Moves the rows that a CTE named `ended` took out of `job`: what is `kept` and the last step.
    ///
    /// The step stays as it came: put together with the others only where somebody reads the job.
    static func intoHistory(state: JobState) -> SQL {
        """
        INSERT INTO job_history (
            id, place, kind, tenant_id, subject_kind, subject_id, subject_name, lane, input,
            requested_by, traceparent, state, step, steps, attempt, crashes, lease, reason,
            cancel_requested_at, revision, created_at, started_at,
            last_step, last_evidence, last_started_at)
        SELECT id, place, kind, tenant_id, subject_kind, subject_id, subject_name, lane, input,
               requested_by, traceparent, \(state.rawValue), NULL, steps, attempt, crashes,
               lease, reason, cancel_requested_at, revision + 1, created_at, started_at,
               done, evidence, CASE WHEN done IS NOT NULL THEN updated_at END
          FROM ended
        """
    }

    private static func document(_ findings: JSONObject) -> JSONText {
        JSONText(JSON.object(findings).serialized())
    }

    private static func doneStep(_ step: String, _ findings: JSONObject) -> SQL {
        """
        jsonb_build_array(jsonb_build_object(
            'name', \(step)::text, 'state', 'completed', 'attempts', attempt,
            'startedAt', updated_at,
            'finishedAt', now(), 'evidence', \(document(findings))))
        """
    }
}
