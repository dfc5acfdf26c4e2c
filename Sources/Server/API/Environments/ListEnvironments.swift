import Domain
import Storage

/// The environments of a tenant.
struct ListEnvironments: Operation {
    static let endpoint = Endpoint.listing(
        "listEnvironments",
        "/v1/tenants/{tenant}/environments",
        .readEnvironments,
        filters: ["labelSelector", "sort", "type", "service", "phase"]
    )

    private let tenant: TenantName
    private let request: ResourceListRequest
    private let query: EnvironmentQuery

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        request = try ResourceListRequest(reading: inputs)
        query = EnvironmentQuery(
            request.query,
            type: try inputs.filter("type", Reading.choice()),
            service: try inputs.filter("service", Reading.name),
            phase: try inputs.filter("phase", Reading.choice())
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        guard let owner = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        let page = try await storage.environments.list(query, of: owner.id, as: call.access)
        let key = query.list.order.key
        return request.list.answer(
            page,
            call,
            position: { $0.position(by: key).cursor },
            EnvironmentView.write
        )
    }
}
