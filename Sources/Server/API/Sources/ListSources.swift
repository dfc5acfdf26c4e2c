import Domain
import Storage

/// The sources of a tenant.
struct ListSources: Operation {
    static let endpoint = Endpoint.listing(
        "listSources",
        "/v1/tenants/{tenant}/sources",
        .readSources,
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
        return request.list.answer(
            try await storage.sources.list(request.query, of: owner.id, as: call.access),
            call,
            position: {
                request.position(name: $0.name.text, createdAt: $0.createdAt, id: $0.id.cast())
            },
            SourceView.write
        )
    }
}
