import Catalog
import Domain
import HTTP
import Storage

/// Backstage's `DELETE /entities/by-uid/{uid}`.
struct DeletePortalEntityByUID: Operation {
    static let endpoint = Endpoint(
        "deletePortalEntityByUID",
        .delete,
        "/api/catalog/entities/by-uid/{uid}",
        for: .permitted(.writeCatalog),
        [.audited, .portal]
    )

    private let id: EntityID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.entityID()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let store = call.services.storage.catalog
        return try await call.retrying {
            guard let entity = try await store.find(id, as: call.access)?.entity() else {
                throw Problem.notFound
            }
            try entity.checkHold(by: call.access)
            _ = try await store.remove(entity, for: call.circumstances)
            return .gone
        }
    }
}
