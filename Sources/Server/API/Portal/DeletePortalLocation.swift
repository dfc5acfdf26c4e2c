import Catalog
import Domain
import HTTP
import Storage

/// Backstage's `DELETE /locations/{id}`.
struct DeletePortalLocation: Operation {
    static let endpoint = Endpoint(
        "deletePortalLocation",
        .delete,
        "/api/catalog/locations/{location}",
        for: .permitted(.writeCatalog),
        [.audited, .portal]
    )

    private let id: LocationID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("location")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let location = try await call.location(id)
        try DeleteLocation.check(location, call)
        _ = try await call.services.storage.locations.remove(location, for: call.circumstances)
        return .gone
    }
}
