import Domain
import Storage

/// One service of a tenant.
struct GetService: Operation {
    static let endpoint = Endpoint.reading(
        "getService",
        "/v1/tenants/{tenant}/services/{service}",
        .readServices
    )

    private let target: ServiceTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try ServiceTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let found = try await target.find(call) else { throw Problem.notFound }
        return .resource(ServiceView.bytes(found), revision: found.revision)
    }
}
