import Domain
import HTTP
import Storage

/// One delivery of a forge, with what became of it.
struct GetSourceDelivery: Operation {
    static let endpoint = Endpoint.reading(
        "getSourceDelivery",
        "/v1/tenants/{tenant}/sources/{source}/deliveries/{hookDelivery}",
        .readSources
    )

    private let target: SourceTarget
    private let id: HookDeliveryID

    init(reading inputs: Inputs) throws(Problem) {
        target = try SourceTarget(reading: inputs)
        id = try inputs.id("hookDelivery")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let source = try await target.found(call)
        let found = try await call.services.storage.hooks.find(id, to: source.id)
        guard let found else { throw Problem.notFound }
        return .json(.ok, SourceDeliveryView.bytes(found))
    }
}
