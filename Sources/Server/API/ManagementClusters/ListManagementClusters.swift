import Domain
import Storage

/// The management clusters.
struct ListManagementClusters: Operation {
    static let endpoint = Endpoint.listing(
        "listManagementClusters",
        "/v1/management-clusters",
        .readManagementClusters,
        filters: ["labelSelector", "sort", "phase"]
    )

    private let request: ResourceListRequest
    private let phase: ManagementClusterStatus.Phase?

    init(reading inputs: Inputs) throws(Problem) {
        request = try ResourceListRequest(reading: inputs)
        phase = try inputs.filter("phase", Reading.choice())
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.managementClusters.list(
            request.query,
            phase: phase,
            as: call.access
        )
        let key = request.query.order.key
        var items: [(StoredManagementCluster, ManagementCluster, [ClusterKind: Int])] = []
        for stored in page.items {
            items.append((stored, try stored.management(), try stored.used()))
        }
        return request.list.answer(
            Page(items: items, hasMore: page.hasMore),
            call,
            position: { $0.0.position(by: key).cursor },
            { ManagementClusterView.write(&$0, $1.1, $1.2) }
        )
    }
}
