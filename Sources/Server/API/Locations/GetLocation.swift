import Catalog
import Domain
import Storage

/// One location, with what is wrong with its files.
struct GetLocation: Operation {
    static let endpoint = Endpoint.reading(
        "getLocation",
        "/v1/catalog/locations/{location}",
        .readCatalog
    )

    private let id: LocationID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("location")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await Self.answer(try await call.location(id), call)
    }

    /// The location as it is now; nil where it is gone.
    static func current(_ id: LocationID, _ call: Invocation) async throws -> Answer? {
        let found = try await call.services.storage.locations.find(id, as: call.access)
        guard let found else { return nil }
        return try await answer(found, call)
    }

    private static func answer(
        _ location: CatalogLocation,
        _ call: Invocation
    ) async throws -> Answer {
        let findings = try await LocationView.Findings(of: location, call)
        return .resource(LocationView.bytes(location, findings), revision: location.revision)
    }
}
