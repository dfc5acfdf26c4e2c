import Domain
import Storage

/// The cluster classes, without their templates.
struct ListClusterClasses: Operation {
    static let endpoint = Endpoint.listing(
        "listClusterClasses",
        "/v1/cluster-classes",
        .readClusterClasses,
        filters: ["labelSelector", "sort", "phase"]
    )

    private let request: ResourceListRequest
    private let phase: ClusterClass.Phase?

    init(reading inputs: Inputs) throws(Problem) {
        request = try ResourceListRequest(reading: inputs)
        phase = try inputs.filter("phase", Reading.choice())
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.clusterClasses.list(
            request.query,
            phase: phase,
            as: call.access
        )
        let key = request.query.order.key
        var items: [Item] = []
        for stored in page.items { items.append(try Item(stored)) }
        return request.list.answer(
            Page(items: items, hasMore: page.hasMore),
            call,
            position: { $0.stored.position(by: key).cursor },
            { writer, item in
                ClusterClassView.write(
                    &writer,
                    item.shown,
                    item.documents,
                    hasTemplate: false,
                    for: call.access
                )
            }
        )
    }

    /// One class of the page, read.
    private struct Item {
        let stored: StoredClusterClass
        let shown: ClusterClass
        let documents: ClusterClassView.Documents

        init(_ stored: StoredClusterClass) throws {
            self.stored = stored
            shown = try stored.clusterClass()
            documents = try ClusterClassView.Documents(shown)
        }
    }
}
