import Domain
import Storage

/// The forges that sources can name.
struct ListForges: Operation {
    static let endpoint = Endpoint.listing(
        "listForges",
        "/v1/forges",
        .readForges,
        filters: ["labelSelector", "sort"]
    )

    private let request: ResourceListRequest

    init(reading inputs: Inputs) throws(Problem) {
        request = try ResourceListRequest(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.forges.list(request.query, as: call.access)
        let isWhole = ForgeView.isWhole(for: call)
        return request.list.answer(
            page,
            call,
            position: {
                request.position(name: $0.name.text, createdAt: $0.createdAt, id: $0.id.cast())
            },
            { ForgeView.write(&$0, $1, isWhole: isWhole) }
        )
    }
}
