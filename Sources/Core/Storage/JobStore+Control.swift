package import Domain
import JSON
import Postgres

/// What people ask of jobs; workers see it with their next look.
extension JobStore {
    /// Notes the wish that a job ends, and ends it at once where nobody works on it.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func cancel(
        _ job: Job,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        // The world is told when the job has ended, by whoever ends it.
        let outcome = try await change(job, event: nil, for: call) { guards in
            """
            UPDATE job
               SET cancel_requested_at = coalesce(cancel_requested_at, now()),
                   revision = revision + 1
             WHERE \(guards)
            RETURNING id
            """
        }
        guard outcome == .written else { return outcome }
        do {
            _ = try await JobQueue(database).cancel(job.id)
        } catch {
            // The wish is stored: the upkeep of the workers ends the job a little later.
        }
        return outcome
    }

    /// Brings a stalled job back, or a postponed one forward; its attempts start anew.
    ///
    /// - Throws: as `cancel`.
    package func retry(
        _ job: Job,
        event: EventID,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let event = Self.retrial(of: job, event, call)
        return try await change(job, event: event, for: call, JobQueue.retrial)
    }

    private func change(
        _ job: Job,
        event: Event?,
        for call: Call,
        _ update: (SQL) -> SQL
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: .controlJobs)
        if case .nothing = scope { throw .notFound }
        let statement = ChangeStatement(
            call: call,
            object: .job(job.id),
            tenant: job.tenant,
            event: event
        )
        let guards: SQL = """
            id = \(job.id)
               AND revision = \(job.revision)
               AND \(scope.condition(on: "tenant_id"))
               AND \(statement.isNew)
            """
        let result = try await database.perform(statement, changing: update(guards))
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(job.id, as: call.access) else { throw .notFound }
        throw .stale(current: current.revision)
    }

    private static func retrial(of job: Job, _ event: EventID, _ call: Call) -> Event {
        let data = Document { writer in
            writer.object { writer in
                writer.member("id", job.id.description)
                writer.member("kind", job.kind.description)
            }
        }
        return Event(
            id: event,
            type: .jobRetried,
            subject: .job(job.id),
            tenant: job.tenant,
            at: call.at,
            data: data.bytes
        )
    }
}
