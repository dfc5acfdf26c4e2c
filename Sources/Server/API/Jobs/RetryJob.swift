import Domain
import HTTP
import Storage

/// Another try of a job that waits or stands still, now.
struct RetryJob: Operation {
    static let endpoint = Endpoint(
        "retryJob",
        .post,
        "/v1/jobs/{job}:retry",
        for: .permitted(.controlJobs),
        [.changes, .conditional, .waits, .plans]
    )

    private let id: JobID
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("job")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await JobControl(call: call, isDryRun: isDryRun).perform(on: id) { job in
            switch job.state {
            case .stalled, .retryable, .waiting: break
            case .available, .running: return nil
            case .completed, .cancelled:
                throw Problem(
                    .stateConflict,
                    "The job is over (\(job.state.rawValue)); nothing to retry."
                )
            }
            guard !job.isCancelRequested else {
                throw Problem(.stateConflict, "The job is being cancelled.")
            }
            var next = job
            next.state = .available
            next.attempt = 0
            next.runAt = nil
            next.waiting = nil
            return next
        } store: { job, circumstances throws(StorageFault) in
            try await call.services.storage.jobs.retry(
                job,
                event: call.occasion.event,
                for: circumstances
            )
        }
    }
}
