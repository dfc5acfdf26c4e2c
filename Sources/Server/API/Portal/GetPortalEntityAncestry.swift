import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `GET /entities/by-name/…/ancestry`: which entities led to this one.
///
/// What was written through the API was led to by nothing.
struct GetPortalEntityAncestry: Operation {
    static let endpoint = Endpoint(
        "getPortalEntityAncestry",
        .get,
        "/api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry",
        for: .permitted(.readCatalog),
        [.portal]
    )

    private let target: EntityTarget

    init(reading inputs: Inputs) throws(Problem) {
        target = try EntityTarget(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let entity = try EntityView.document(of: try await target.found(call))
        var writer = JSONWriter(reserving: 2_048)
        writer.object { writer in
            writer.member("rootEntityRef", target.reference.description)
            writer.key("items")
            writer.array([entity]) { writer, entity in
                writer.object { writer in
                    writer.key("entity")
                    writer.value(.object(entity))
                    writer.key("parentEntityRefs")
                    writer.value([])
                }
            }
        }
        return .json(.ok, writer.finish())
    }
}
