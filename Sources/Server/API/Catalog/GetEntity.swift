import Domain
import Storage

/// One entity of the catalog.
struct GetEntity: Operation {
    static let endpoint = Endpoint.reading(
        "getEntity",
        "/v1/catalog/entities/{kind}/{namespace}/{name}",
        .readCatalog
    )

    private let target: EntityTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EntityTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let entity = try await target.found(call)
        return .resource(try EntityView.bytes(entity), revision: entity.revision)
    }
}
