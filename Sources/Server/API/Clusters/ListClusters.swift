import Domain
import Storage

/// The clusters of a tenant.
struct ListClusters: Operation {
    static let endpoint = Endpoint.listing(
        "listClusters",
        "/v1/tenants/{tenant}/clusters",
        .readClusters,
        filters: ["labelSelector", "sort", "kind", "phase"]
    )

    private let tenant: TenantName
    private let request: ResourceListRequest
    private let query: ClusterQuery

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        request = try ResourceListRequest(reading: inputs)
        query = ClusterQuery(
            request.query,
            kind: try inputs.filter("kind", Reading.choice()),
            phase: try inputs.filter("phase", Reading.choice())
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        guard let owner = try await storage.tenants.find(tenant, as: call.access) else {
            throw Problem.notFound
        }
        let page = try await storage.clusters.list(query, of: owner.id, as: call.access)
        let key = query.list.order.key
        return request.list.answer(
            page,
            call,
            position: { $0.position(by: key).cursor },
            { ClusterView.write(&$0, $1, for: call.access) }
        )
    }
}
