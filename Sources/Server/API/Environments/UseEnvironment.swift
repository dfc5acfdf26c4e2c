import Domain
import HTTP
import Storage

/// Says that somebody uses an environment, so that it does not count as idle: for what stands
/// before it, and for pipelines.
///
/// Cheap enough for every request: at most one in a minute is written down.
struct UseEnvironment: Operation {
    static let endpoint = Endpoint(
        "useEnvironment",
        .post,
        "/v1/tenants/{tenant}/environments/{environment}:use",
        for: .permitted(.updateEnvironment),
        [.audited]
    )

    private let tenant: TenantName
    private let name: EnvironmentName

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("environment")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let environments = call.services.storage.environments
        guard let found = try await environments.find(name, of: tenant, as: call.access) else {
            throw Problem.notFound
        }
        try await environments.reach(found.id, as: call.access)
        try await environments.use(found.id)
        return .gone
    }
}
