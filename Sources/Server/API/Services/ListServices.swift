import Domain
import Storage

/// The services of a tenant.
struct ListServices: Operation {
    static let endpoint = Endpoint.listing(
        "listServices",
        "/v1/tenants/{tenant}/services",
        .readServices,
        filters: ["labelSelector", "sort", "offering", "environment", "phase"]
    )

    private let tenant: TenantName
    private let request: ResourceListRequest
    private let query: ServiceQuery

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        request = try ResourceListRequest(reading: inputs)
        query = ServiceQuery(
            request.query,
            offering: try inputs.filter("offering", Reading.name),
            environment: try inputs.filter("environment", Reading.name),
            phase: try inputs.filter("phase", Reading.choice())
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        guard let owner = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        let page = try await storage.services.list(query, of: owner.id, as: call.access)
        let key = query.list.order.key
        return request.list.answer(
            page,
            call,
            position: { $0.position(by: key).cursor },
            ServiceView.write
        )
    }
}
