import Domain
import HTTP
import Storage

/// One job with its steps; with `Prefer: wait=N` held until it ends.
struct GetJob: Operation {
    static let endpoint = Endpoint(
        "getJob",
        .get,
        "/v1/jobs/{job}",
        for: .permitted(.readJobs),
        [.waits]
    )

    private let id: JobID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("job")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let hold = Hold(call)
        if hold.isWanted { _ = try await hold.end(of: id) }
        let found = try await call.services.storage.jobs.find(id, as: call.access)
        guard let found else { throw Problem.notFound }
        return hold.noting(.resource(JobView.bytes(found), revision: found.revision))
    }
}
