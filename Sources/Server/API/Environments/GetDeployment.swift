import Domain
import JSON
import Storage

/// One roll-out of an environment.
struct GetDeployment: Operation {
    static let endpoint = Endpoint.reading(
        "getDeployment",
        "/v1/tenants/{tenant}/environments/{environment}/deployments/{deployment}",
        .readEnvironments
    )

    private let tenant: TenantName
    private let name: EnvironmentName
    private let id: DeploymentID

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("environment")
        id = try inputs.id("deployment")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        let owner = try await storage.tenants.find(tenant, as: call.access)
        let found = try await storage.deployments.find(id, as: call.access)
        guard let owner, let found, found.tenant == owner.id, found.environmentName == name.text
        else { throw Problem.notFound }
        var writer = JSONWriter(reserving: 1_024)
        try found.deployment().write(to: &writer)
        return .resource(writer.finish(), revision: found.revision)
    }
}
