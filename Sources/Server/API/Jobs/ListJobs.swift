import Domain
import JSON
import Storage

/// The jobs that the caller may see, the newest first.
struct ListJobs: Operation {
    static let endpoint = Endpoint.listing(
        "listJobs",
        "/v1/jobs",
        .readJobs,
        filters: ["state", "kind", "tenant"]
    )

    private let request: ListRequest
    private let query: JobQuery

    init(reading inputs: Inputs) throws(Problem) {
        request = try ListRequest(reading: inputs)
        let kind = try inputs.filter("kind", Reading.text(1...63))
        query = JobQuery(
            before: request.position.flatMap { position in
                // Signed by us; what is no id would be another list's and was refused.
                try? JobID(parsing: String(decoding: position, as: UTF8.self))
            },
            limit: request.limit,
            tenant: try inputs.filter("tenant", Reading.name),
            state: try inputs.filter("state", Reading.choice()),
            kind: kind.map { JobKind($0) }
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.jobs.list(query, as: call.access)
        return request.answer(page, call, position: { $0.id.bytes }, JobView.write)
    }
}
