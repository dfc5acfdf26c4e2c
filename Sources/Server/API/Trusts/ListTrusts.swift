import Domain
import Storage

/// The trusts of a tenant.
struct ListTrusts: Operation {
    static let endpoint = Endpoint.listing(
        "listTrusts",
        "/v1/tenants/{tenant}/trusts",
        .manageTrusts,
        filters: ["labelSelector", "sort"]
    )

    private let tenant: TenantName
    private let request: ResourceListRequest

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        request = try ResourceListRequest(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        guard let owner = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        let page = try await storage.trusts.list(request.query, of: owner.id, as: call.access)
        return request.list.answer(
            page,
            call,
            position: {
                request.position(name: $0.name.text, createdAt: $0.createdAt, id: $0.id.cast())
            },
            TrustView.write
        )
    }
}
