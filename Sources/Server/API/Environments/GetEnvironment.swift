import Domain
import Storage

/// One environment of a tenant.
struct GetEnvironment: Operation {
    static let endpoint = Endpoint.reading(
        "getEnvironment",
        "/v1/tenants/{tenant}/environments/{environment}",
        .readEnvironments
    )

    private let target: EnvironmentTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EnvironmentTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let found = try await target.find(call) else { throw Problem.notFound }
        return .resource(EnvironmentView.bytes(found), revision: found.revision)
    }
}
