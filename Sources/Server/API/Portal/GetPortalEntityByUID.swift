import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `GET /entities/by-uid/{uid}`.
struct GetPortalEntityByUID: Operation {
    static let endpoint = Endpoint(
        "getPortalEntityByUID",
        .get,
        "/api/catalog/entities/by-uid/{uid}",
        for: .permitted(.readCatalog),
        [.portal]
    )

    private let id: EntityID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.entityID()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let entity = try await call.services.storage.catalog.find(id, as: call.access)
        guard let entity else { throw Problem.notFound }
        return .json(.ok, try EntityView.bytes(entity))
    }
}

extension Inputs {
    /// The entity's identity in the path; what is none belongs to no entity.
    func entityID() throws(Problem) -> EntityID {
        do throws(IDFault) {
            return try EntityID(parsing: path("uid"))
        } catch {
            throw .notFound
        }
    }
}
