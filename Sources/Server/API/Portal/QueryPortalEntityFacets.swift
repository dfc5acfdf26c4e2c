import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `POST /entity-facets`: how often which values stand under some keys,
/// among what a predicate lets through.
struct QueryPortalEntityFacets: Operation {
    static let endpoint = Endpoint(
        "queryPortalEntityFacets",
        .post,
        "/api/catalog/entity-facets",
        for: .permitted(.readCatalog),
        body: .json,
        [.portal]
    )

    private let count: PortalCount

    init(reading inputs: Inputs) throws(Problem) {
        let read = try inputs.read { reader in
            (reader.portalList("facets") ?? [], reader.portalQuery())
        }
        count = try PortalCount(
            of: read.0.filter { !$0.isEmpty },
            try EntityPredicate(ofPortal: read.1)
        )
    }

    func answer(_ call: Invocation) async throws -> Answer { try await count.answer(call) }
}
