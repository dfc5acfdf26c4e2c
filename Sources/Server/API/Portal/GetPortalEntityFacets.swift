import Catalog
import Domain
import HTTP
import JSON
import Storage

/// Backstage's `GET /entity-facets`: how often which values stand under some keys.
struct GetPortalEntityFacets: Operation {
    /// The most facets of one question.
    private static let facetsMax = 20

    static let endpoint = Endpoint(
        "getPortalEntityFacets",
        .get,
        "/api/catalog/entity-facets",
        for: .permitted(.readCatalog),
        parameters: ["facet", "filter"],
        [.portal]
    )

    private let filter: EntityFilter
    private let facets: [String]

    init(reading inputs: Inputs) throws(Problem) {
        filter = try inputs.portalFilter()
        facets = inputs.portalList("facet")
        guard (1...Self.facetsMax).contains(facets.count) else {
            throw .invalidQuery([
                .query("facet", "out-of-range", "Missing facet parameter, 1 to 20 are taken")
            ])
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let store = call.services.storage.catalog
        let query = EntityQuery(filter: filter)
        var counts: [(String, [FacetValue])] = []
        for key in facets where !counts.contains(where: { $0.0 == key }) {
            counts.append((key, try await store.facet(key, of: query, as: call.access)))
        }
        var writer = JSONWriter(reserving: 1_024)
        writer.object { writer in FacetView.write(&writer, counts) }
        return .json(.ok, writer.finish())
    }
}
