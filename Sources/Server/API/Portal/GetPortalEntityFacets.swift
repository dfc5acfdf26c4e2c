import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `GET /entity-facets`: how often which values stand under some keys.
struct GetPortalEntityFacets: Operation {
    static let endpoint = Endpoint(
        "getPortalEntityFacets",
        .get,
        "/api/catalog/entity-facets",
        for: .permitted(.readCatalog),
        parameters: ["facet", "filter"],
        [.portal]
    )

    private let count: PortalCount

    init(reading inputs: Inputs) throws(Problem) {
        count = try PortalCount(of: inputs.portalList("facet"), try inputs.portalFilter())
    }

    func answer(_ call: Invocation) async throws -> Answer { try await count.answer(call) }
}
