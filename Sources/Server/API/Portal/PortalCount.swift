import Catalog
import Domain
import HTTP
import JSON
import Storage

/// How often which values stand under some keys, among some entities.
struct PortalCount: Sendable {
    /// The most facets of one question.
    private static let facetsMax = 20

    private let facets: [String]
    private let predicate: EntityPredicate

    init(of facets: [String], _ predicate: EntityPredicate) throws(Problem) {
        guard (1...Self.facetsMax).contains(facets.count) else {
            throw .invalidQuery([
                .query("facet", "out-of-range", "Missing facet parameter, 1 to 20 are taken")
            ])
        }
        try predicate.check(countedBy: Set(facets).count, of: "facet")
        self.facets = facets
        self.predicate = predicate
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let store = call.services.storage.catalog
        let query = EntityQuery(predicate)
        var counts: [(String, [FacetValue])] = []
        for key in facets where !counts.contains(where: { $0.0 == key }) {
            counts.append((key, try await store.facet(key, of: query, as: call.access)))
        }
        var writer = JSONWriter(reserving: 1_024)
        writer.object { writer in FacetView.write(&writer, counts) }
        return .json(.ok, writer.finish())
    }
}
