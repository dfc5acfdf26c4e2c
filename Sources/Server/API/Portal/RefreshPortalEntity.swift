import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `POST /refresh`: has the location of an entity looked at soon, or the location that
/// is named.
struct RefreshPortalEntity: Operation {
    static let endpoint = Endpoint(
        "refreshPortalEntity",
        .post,
        "/api/catalog/refresh",
        for: .permitted(.readCatalog),
        body: .json,
        [.audited, .portal]
    )

    private let reference: EntityReference

    init(reading inputs: Inputs) throws(Problem) {
        guard let text = inputs.body["entityRef"]?.string else {
            throw Problem(.invalidInput, "Malformed request: `entityRef` is required")
        }
        do throws(EntityReferenceFault) {
            reference = try EntityReference(parsing: text)
        } catch {
            throw Problem(.invalidInput, "Invalid entityRef: \(error.detail)")
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        if let location = try await storage.locations.find(named: reference, as: call.access) {
            try await storage.locations.touch(location.id, as: call.access)
            return Answer(.ok)
        }
        guard try await storage.catalog.find(reference, as: call.access) != nil else {
            throw Problem.notFound
        }
        // What was written through the API is as new as it can be.
        if let location = try await storage.locations.find(leadingTo: reference, as: call.access) {
            try await storage.locations.touch(location.id, as: call.access)
        }
        return Answer(.ok)
    }
}
