import Catalog
import Domain
import Storage

/// The entity that a path names, in any case.
struct EntityTarget {
    let reference: EntityReference

    init(reading inputs: Inputs) throws(Problem) {
        reference = EntityReference(
            kind: inputs.path("kind"),
            namespace: inputs.path("namespace"),
            name: inputs.path("name")
        )
        // No entity can be called like that.
        guard reference.description.utf8.count <= EntityReference.bytesMax else {
            throw .notFound
        }
    }

    /// The address of the entity.
    var path: String {
        "/v1/catalog/entities/\(reference.kind)/\(reference.namespace)/\(reference.name)"
    }

    /// The entity, if the caller may see it.
    func find(_ call: Invocation) async throws -> StoredEntity? {
        try await call.services.storage.catalog.find(reference, as: call.access)
    }

    /// The entity.
    ///
    /// - Throws: `not-found` where there is none that the caller may see.
    func found(_ call: Invocation) async throws -> StoredEntity {
        guard let entity = try await find(call) else { throw Problem.notFound }
        return entity
    }
}
