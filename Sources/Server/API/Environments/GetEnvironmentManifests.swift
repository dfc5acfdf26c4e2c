import Domain
import HTTP
import JSON
import Storage

/// What is delivered for an environment, as it stands in the tenant's repository.
struct GetEnvironmentManifests: Operation {
    static let endpoint = Endpoint.reading(
        "getEnvironmentManifests",
        "/v1/tenants/{tenant}/environments/{environment}/manifests",
        .readEnvironments
    )
    private let tenant: TenantName
    private let name: EnvironmentName

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("environment")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.environments.find(
            name,
            of: tenant,
            as: call.access
        )
        guard let environment = try found?.environment() else { throw Problem.notFound }
        guard let delivered = try await DeliveredFiles.read(of: environment, call) else {
            throw Problem(
                .stateConflict,
                "Nothing is delivered for the environment yet; its job says what it waits for."
            )
        }
        return delivered.answer(call)
    }
}
