import Domain
import HTTP
import JSON
import Storage

/// What happened to a service, in Slipway and in its cluster, the newest first.
struct ListServiceEvents: Operation {
    static let endpoint = Endpoint.reading(
        "listServiceEvents",
        "/v1/tenants/{tenant}/services/{service}/events",
        .readServices,
        parameters: ["limit"]
    )

    private let target: ServiceTarget
    private let limit: Int

    init(reading inputs: Inputs) throws(Problem) {
        target = try ServiceTarget(reading: inputs)
        limit = try inputs.number("limit", 1...ListQuery.limitMax) ?? ListRequest.limitDefault
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let service = try await target.service(call)
        return try await Happenings(
            about: service.reference,
            of: service.tenant,
            limit: limit
        ).answer(call) { () async throws(ClusterAccessFault) in
            try await call.services.ordering.happenings(service)
        }
    }
}
