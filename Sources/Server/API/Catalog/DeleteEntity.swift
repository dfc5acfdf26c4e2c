import Catalog
import Domain
import HTTP
import JSON
import Storage

/// The end of an entity that came through the API.
struct DeleteEntity: Operation {
    static let endpoint = Endpoint(
        "deleteEntity",
        .delete,
        "/v1/catalog/entities/{kind}/{namespace}/{name}",
        for: .permitted(.writeCatalog),
        [.changes, .conditional, .plans]
    )

    private let target: EntityTarget
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        target = try EntityTarget(reading: inputs)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await call.retrying {
            let entity = try await target.found(call).entity()
            try call.checkConditions(revision: entity.revision)
            try entity.checkHold(by: call.access)
            return try await Deletion(call: call, isDryRun: isDryRun).perform(
                at: entity.revision,
                of: .object(entity.entity.document)
            ) { circumstances throws(StorageFault) in
                try await call.services.storage.catalog.remove(entity, for: circumstances)
            }
        }
    }
}
