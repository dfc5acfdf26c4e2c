import Domain
import HTTP
import Storage

/// The wish that a job ends before it is done.
struct CancelJob: Operation {
    static let endpoint = Endpoint(
        "cancelJob",
        .post,
        "/v1/jobs/{job}:cancel",
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
            guard !job.state.isFinal else {
                throw Problem(
                    .stateConflict,
                    "The job is over (\(job.state.rawValue)); nothing to cancel."
                )
            }
            guard !job.isCancelRequested else { return nil }
            var next = job
            next.isCancelRequested = true
            return next
        } store: { job, circumstances throws(StorageFault) in
            try await call.services.storage.jobs.cancel(job, for: circumstances)
        }
    }
}
