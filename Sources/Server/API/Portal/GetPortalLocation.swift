import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `GET /locations/{id}`.
struct GetPortalLocation: Operation {
    static let endpoint = Endpoint(
        "getPortalLocation",
        .get,
        "/api/catalog/locations/{location}",
        for: .permitted(.readCatalog),
        [.portal]
    )

    private let id: LocationID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("location")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        Self.answer(try await call.location(id))
    }

    static func answer(_ location: CatalogLocation) -> Answer {
        var writer = JSONWriter(reserving: 256)
        LocationView.writePlain(&writer, location)
        return .json(.ok, writer.finish())
    }
}
