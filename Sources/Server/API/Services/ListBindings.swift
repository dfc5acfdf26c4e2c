import Domain
import Storage

/// The bindings of a service.
struct ListBindings: Operation {
    static let endpoint = Endpoint.listing(
        "listBindings",
        "/v1/tenants/{tenant}/services/{service}/bindings",
        .readServices,
        filters: ["labelSelector", "sort"]
    )

    private let target: ServiceTarget
    private let request: ResourceListRequest

    init(reading inputs: Inputs) throws(Problem) {
        target = try ServiceTarget(reading: inputs)
        request = try ResourceListRequest(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let service = try await target.find(call) else { throw Problem.notFound }
        let bindings = call.services.storage.bindings
        let page = try await bindings.list(request.query, of: service.id, as: call.access)
        let key = request.query.order.key
        return request.list.answer(
            page,
            call,
            position: { $0.position(by: key).cursor },
            BindingView.write
        )
    }
}
