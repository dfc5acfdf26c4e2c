import Domain
import Storage

/// What a forge delivered to a source, the newest first.
struct ListSourceDeliveries: Operation {
    static let endpoint = Endpoint.listing(
        "listSourceDeliveries",
        "/v1/tenants/{tenant}/sources/{source}/deliveries",
        .readSources,
        filters: ["state"]
    )

    private let target: SourceTarget
    private let request: ListRequest
    private let state: HookDelivery.State?

    init(reading inputs: Inputs) throws(Problem) {
        target = try SourceTarget(reading: inputs)
        request = try ListRequest(reading: inputs)
        state = try inputs.filter("state", Reading.choice())
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let source = try await target.found(call)
        let page = try await call.services.storage.hooks.deliveries(
            to: source.id,
            state: state,
            before: request.position.flatMap { Int64(String(decoding: $0, as: UTF8.self)) },
            limit: request.limit
        )
        return request.answer(
            page,
            call,
            position: { Array(String($0.place).utf8) },
            { SourceDeliveryView.write(&$0, $1.delivery) }
        )
    }
}
