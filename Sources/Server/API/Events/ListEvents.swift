import Domain
import HTTP
import JSON
import Storage

/// The event log: by page, by long poll, or live.
struct ListEvents: Operation {
    static let endpoint = Endpoint(
        "listEvents",
        .get,
        "/v1/events",
        for: .permitted(.readEvents),
        parameters: ["after", "limit", "wait", "tenant"]
    )

    private let following: Following
    private let tenant: TenantName?
    private let wait: Int

    init(reading inputs: Inputs) throws(Problem) {
        following = try Following(reading: inputs)
        tenant = try inputs.filter("tenant", Reading.name)
        wait = try Following.wait(inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await following.answer(call, wait: wait) { position in
            let query = EventQuery(after: position, limit: following.limit, tenant: tenant)
            return try await call.services.storage.events.read(query, as: call.access)
        }
    }
}
