import Catalog
import Domain
import HTTP
import Storage

/// Backstage's `GET /locations/by-entity/…`: the location that led to an entity.
struct GetPortalLocationByEntity: Operation {
    static let endpoint = Endpoint(
        "getPortalLocationByEntity",
        .get,
        "/api/catalog/locations/by-entity/{kind}/{namespace}/{name}",
        for: .permitted(.readCatalog),
        [.portal]
    )

    private let target: EntityTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EntityTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        _ = try await target.found(call)
        let locations = call.services.storage.locations
        let found = try await locations.find(leadingTo: target.reference, as: call.access)
        guard let found else { throw Problem.notFound }
        return GetPortalLocation.answer(found)
    }
}
