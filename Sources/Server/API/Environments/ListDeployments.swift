import Domain
import Storage

/// The roll-outs of an environment, the newest first; also of one that is gone.
struct ListDeployments: Operation {
    static let endpoint = Endpoint.listing(
        "listDeployments",
        "/v1/tenants/{tenant}/environments/{environment}/deployments",
        .readEnvironments,
        filters: ["state"]
    )

    private let tenant: TenantName
    private let name: EnvironmentName
    private let request: ListRequest
    private let state: Deployment.State?

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("environment")
        request = try ListRequest(reading: inputs)
        state = try inputs.filter("state", Reading.choice())
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        guard let owner = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        let query = DeploymentQuery(
            of: .name(name),
            state: state,
            after: try await last(call),
            limit: request.limit
        )
        let found = try await storage.deployments.list(query, of: owner.id, as: call.access)
        let page = Page(
            items: try found.items.map { try $0.deployment() },
            hasMore: found.hasMore
        )
        return request.answer(
            page,
            call,
            position: { $0.id.bytes },
            { $1.write(to: &$0) }
        )
    }

    /// The last record of the page before; nil for the first page.
    private func last(_ call: Invocation) async throws -> DeploymentQuery.Position? {
        guard let text = request.position,
            // Signed by us; what is no id would be another list's and was refused.
            let id = try? DeploymentID(parsing: String(decoding: text, as: UTF8.self)),
            let found = try await call.services.storage.deployments.find(id, as: call.access)
        else { return nil }
        return DeploymentQuery.Position(
            createdAt: found.createdAt,
            number: found.number,
            id: id
        )
    }
}
