import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `GET /entities/by-name/…`.
struct GetPortalEntityByName: Operation {
    static let endpoint = Endpoint(
        "getPortalEntityByName",
        .get,
        "/api/catalog/entities/by-name/{kind}/{namespace}/{name}",
        for: .permitted(.readCatalog),
        [.portal]
    )

    private let target: EntityTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EntityTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        .json(.ok, try EntityView.bytes(try await target.found(call)))
    }
}
