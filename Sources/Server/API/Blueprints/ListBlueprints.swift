import Domain
import Storage

/// The blueprints that the caller may see.
struct ListBlueprints: Operation {
    static let endpoint = Endpoint.listing(
        "listBlueprints",
        "/v1/blueprints",
        .readBlueprints,
        filters: ["labelSelector", "sort", "phase"]
    )

    private let request: ResourceListRequest
    private let phase: BlueprintStatus.Phase?

    init(reading inputs: Inputs) throws(Problem) {
        request = try ResourceListRequest(reading: inputs)
        phase = try inputs.filter("phase", Reading.choice())
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.blueprints.list(
            request.query,
            phase: phase,
            as: call.access
        )
        let key = request.query.order.key
        return request.list.answer(
            page,
            call,
            position: { $0.position(by: key).cursor },
            BlueprintView.write
        )
    }
}
