import Catalog
import Domain
import HTTP
import JSON
import Storage

/// The end of a location and of the entities that it holds.
struct DeleteLocation: Operation {
    static let endpoint = Endpoint(
        "deleteLocation",
        .delete,
        "/v1/catalog/locations/{location}",
        for: .permitted(.writeCatalog),
        [.changes, .plans]
    )

    private let id: LocationID
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("location")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let location = try await call.location(id)
        try Self.check(location, call)
        return try await Deletion(call: call, isDryRun: isDryRun).perform(
            at: location.revision,
            of: ["target": .string(location.target.description)]
        ) { circumstances throws(StorageFault) in
            try await call.services.storage.locations.remove(location, for: circumstances)
        }
    }

    /// - Throws: where the caller sees the location but cannot remove it.
    static func check(_ location: CatalogLocation, _ call: Invocation) throws {
        if let own = call.access.tenant, location.tenant?.id != own {
            throw Problem(
                .stateConflict,
                "The location belongs to the platform. Ask a platform-admin to remove it."
            )
        }
        guard !location.isDiscovered else {
            throw Problem(
                .stateConflict,
                "This is the repository of the tenant, which Slipway finds itself. Remove the "
                    + "files from it instead."
            )
        }
    }
}
