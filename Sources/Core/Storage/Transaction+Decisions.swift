import Domain
import Postgres

extension Transaction {
    /// Writes what follows from a decision beside the row of its subject: unfinished jobs are given
    /// up, a new one is stored, and the world is told.
    ///
    /// Where nobody called for it, `call` is nil.
    func writeConsequences(
        of subject: ObjectReference,
        givingUp which: JobQueue.Supersession?,
        job: NewJob?,
        event: Event,
        for call: Call? = nil
    ) async throws {
        if let which { try await execute(JobQueue.supersession(of: subject, which)) }
        if let job {
            let insertion = JobQueue.insertion(
                of: job,
                requestedBy: call?.actor,
                traceparent: call?.traceparent
            )
            try await execute(insertion)
        }
        try await execute(EventStore.insertion(of: event))
    }
}
