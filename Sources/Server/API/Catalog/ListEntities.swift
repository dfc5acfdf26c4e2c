import Catalog
import Domain
import HTTP
import JSON
import Storage

/// The catalog: filtered, searched in a person's words, and counted by facets.
struct ListEntities: Operation {
    /// The most facets of one question.
    private static let facetsMax = 10
    /// Characters of a search.
    private static let textMax = 200
    private static let orders = ["ref", "-ref", "updatedAt", "-updatedAt"]

    static let endpoint = Endpoint.listing(
        "listEntities",
        "/v1/catalog/entities",
        .readCatalog,
        filters: ["kind", "namespace", "filter", "predicate", "q", "sort", "facets"]
    )

    private let list: ListRequest
    private let query: EntityQuery
    private let facets: [String]

    init(reading inputs: Inputs) throws(Problem) {
        let call = inputs.call
        list = try ListRequest(reading: inputs)
        facets = try Self.facets(call.query["facets"])
        let order = try Self.order(call.query["sort"])
        query = EntityQuery(
            try Self.filter(call.query).predicate.and(try Self.predicate(call.query)),
            text: try Self.text(call.query["q"]),
            order: order.key,
            isDescending: order.isDescending,
            after: list.position.flatMap { ListPosition(cursor: $0) },
            limit: list.limit
        )
        try query.predicate.check(countedBy: facets.count, of: "facets")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let store = call.services.storage.catalog
        let page = try await store.list(query, as: call.access)
        var counts: [(String, [FacetValue])] = []
        for key in facets {
            counts.append((key, try await store.facet(key, of: query, as: call.access)))
        }
        let documents = try page.items.map { ($0, try EntityView.document(of: $0)) }
        return list.answer(
            Page(items: documents, hasMore: page.hasMore),
            call,
            more: { writer in if !facets.isEmpty { FacetView.write(&writer, counts) } },
            position: { query.position(of: $0.0) },
            { $0.value(.object($1.1)) }
        )
    }

    private static func filter(_ query: Query) throws(Problem) -> EntityFilter {
        var filter: EntityFilter
        do throws(EntityFilterFault) {
            filter = try EntityFilter(parsing: query["filter"].map { [$0] } ?? [])
        } catch {
            throw .invalidQuery([.query("filter", "invalid-filter", error.detail)])
        }
        if let kind = query["kind"] {
            filter = filter.and(EntityFilter.Condition("kind", is: [kind]))
        }
        if let namespace = query["namespace"] {
            filter = filter.and(EntityFilter.Condition("metadata.namespace", is: [namespace]))
        }
        return filter
    }

    private static func predicate(_ query: Query) throws(Problem) -> EntityPredicate {
        guard let text = query["predicate"] else { return .everything }
        let detail: String
        do {
            return try EntityPredicate(reading: try JSON.parse(Array(text.utf8)))
        } catch let fault as EntityPredicateFault {
            detail = fault.detail
        } catch {
            detail = "Expected JSON such as {\"kind\": \"component\"}."
        }
        throw .invalidQuery([.query("predicate", "invalid-predicate", detail)])
    }

    private static func text(_ text: String?) throws(Problem) -> String? {
        guard let text else { return nil }
        guard (1...textMax).contains(text.count) else {
            throw .invalidQuery([
                .query("q", "out-of-range", "Expected 1 to \(textMax) characters.")
            ])
        }
        return text
    }

    private static func facets(_ text: String?) throws(Problem) -> [String] {
        var keys: [String] = []
        for key in text?.split(separator: ",").map(String.init) ?? [] where !keys.contains(key) {
            keys.append(key)
        }
        guard keys.count <= facetsMax, keys.allSatisfy({ $0.count <= EntityKeys.keyMax }) else {
            throw .invalidQuery([
                .query("facets", "out-of-range", "At most \(facetsMax) keys are taken.")
            ])
        }
        return keys
    }

    private static func order(
        _ text: String?
    ) throws(Problem) -> (key: EntityQuery.Order, isDescending: Bool) {
        guard let text else { return (.ref, false) }
        let isDescending = text.hasPrefix("-")
        guard let key = EntityQuery.Order(rawValue: String(text.dropFirst(isDescending ? 1 : 0)))
        else {
            throw .invalidQuery([
                .query("sort", "unknown-value", Reading.notOneOf(orders, text).detail)
            ])
        }
        return (key, isDescending)
    }
}

extension EntityQuery {
    /// Where a page ends that ends with this entity.
    fileprivate func position(of entity: StoredEntity) -> [UInt8] {
        let value: ListPosition.Value =
            switch order {
            case .ref: .name(entity.ref)
            case .updatedAt: .moment(entity.updatedAt)
            }
        return ListPosition(value: value, id: entity.id.cast()).cursor
    }
}
