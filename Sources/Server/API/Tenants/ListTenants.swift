import Domain
import Storage

/// The tenants that the caller may see.
struct ListTenants: Operation {
    static let endpoint = Endpoint.listing(
        "listTenants",
        "/v1/tenants",
        .readTenant,
        filters: ["labelSelector", "sort", "blueprint", "phase"]
    )

    private let request: ResourceListRequest
    private let query: TenantQuery

    init(reading inputs: Inputs) throws(Problem) {
        request = try ResourceListRequest(reading: inputs)
        query = TenantQuery(
            request.query,
            blueprint: try inputs.filter("blueprint", Reading.name),
            phase: try inputs.filter("phase", Reading.choice())
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.tenants.list(query, as: call.access)
        let key = query.list.order.key
        return request.list.answer(
            page,
            call,
            position: { $0.position(by: key).cursor },
            TenantView.write
        )
    }
}
