import Domain
import HTTP
import JSON
import Storage

/// What cancel and retry have in common: read, decide, store, answer.
struct JobControl {
    let call: Invocation
    let isDryRun: Bool

    /// Decides on the job as it is, and stores what was decided.
    ///
    /// `decide` answers nil where nothing would change; `store` writes the wish for the job as it
    /// was read.
    func perform(
        on id: JobID,
        decide: (Job) throws -> Job?,
        store: (Job, Call) async throws(StorageFault) -> WriteOutcome
    ) async throws -> Answer {
        try await call.retrying {
            guard let job = try await call.services.storage.jobs.find(id, as: call.access) else {
                throw Problem.notFound
            }
            try call.checkConditions(revision: job.revision)
            let next = try decide(job)
            if isDryRun {
                return Plan(
                    action: next == nil ? .none : .update,
                    resource: JobView.bytes(next ?? job),
                    before: Self.wish(job),
                    after: Self.wish(next ?? job),
                    job: nil
                ).answer(call)
            }
            guard var next else { return accepted(job) }
            next.revision += 1
            return try await write(job, next, store)
        }
    }

    private func write(
        _ job: Job,
        _ next: Job,
        _ store: (Job, Call) async throws(StorageFault) -> WriteOutcome
    ) async throws -> Answer {
        let first = accepted(next)
        switch try await store(job, call.circumstances(answer: StoredAnswer(first))) {
        case .replayed(let answer): return try await Replay(call).answer(answer)
        case .written: break
        }
        call.services.jobStored()
        let hold = Hold(call)
        if hold.isWanted { _ = try await hold.end(of: job.id) }
        let now = try await call.services.storage.jobs.find(job.id, as: call.access)
        guard let now, now.state.isFinal else {
            return hold.noting(hold.isWanted ? now.map(accepted) ?? first : first)
        }
        return hold.noting(.resource(JobView.bytes(now), revision: now.revision))
    }

    private func accepted(_ job: Job) -> Answer {
        .resource(JobView.bytes(job), revision: job.revision, status: .accepted)
            .with(.location, "/v1/jobs/\(job.id)")
    }

    private static func wish(_ job: Job) -> JSON {
        [
            "status": [
                "phase": .string(job.state.rawValue),
                "cancelRequested": .bool(job.isCancelRequested),
            ]
        ]
    }
}
