package import Catalog
package import Domain
import Postgres

/// Which entities are asked for, in what order.
package struct EntityQuery: Sendable, Hashable {
    /// The most words of a full-text search.
    package static let wordsMax = 10
    /// The most values that are told of one facet.
    package static let facetValuesMax = 500

    /// What a list is sorted by.
    package enum Order: String, Sendable, CaseIterable {
        /// The reference.
        case ref
        /// When it was changed last.
        case updatedAt
    }

    /// What must hold for entities.
    package var predicate: EntityPredicate
    /// What they must be about, in a person's words.
    package var text: String?
    /// What the list is sorted by.
    package var order: Order
    /// Whether the largest comes first.
    package var isDescending: Bool
    /// Where the last page ended; nil starts at the front.
    package var after: ListPosition?
    /// How many at most; held to 1…500.
    package var limit: Int

    /// A question; everything unless said otherwise.
    package init(
        _ predicate: EntityPredicate = .everything,
        text: String? = nil,
        order: Order = .ref,
        isDescending: Bool = false,
        after: ListPosition? = nil,
        limit: Int = 50
    ) {
        self.predicate = predicate
        self.text = text
        self.order = order
        self.isDescending = isDescending
        self.after = after
        self.limit = max(1, min(limit, ListQuery.limitMax))
    }
}

/// One value of a facet.
package struct FacetValue: Sendable, Hashable {
    /// The value as it was written.
    package let value: String
    /// How many entities have it.
    package let count: Int
}

extension CatalogStore {
    /// Bytes of the documents of one page: 16 MiB.
    ///
    /// A page ends there, and has one entity at least.
    package static let pageBytesMax = 16 << 20

    /// The entities of a page until they are too many bytes, each with how many `found` there were.
    static func weighed(_ entities: SQL, by order: SQL) -> SQL {
        """
        SELECT * FROM (
            SELECT e.*, count(*) OVER () AS found, row_number() OVER (ORDER BY \(order)) AS line,
                   sum(octet_length(e.document::text)) OVER (ORDER BY \(order)) AS weight
              FROM (\(entities)) e) e
         WHERE e.line = 1 OR e.weight <= \(pageBytesMax)
        """
    }

    /// A page of what `weighed` leaves, where one row more than `limit` was asked for; `found` is
    /// the column behind the entity's.
    static func page<Item>(
        _ rows: Rows,
        limit: Int,
        _ item: (Row) throws(DatabaseFault) -> Item
    ) throws(DatabaseFault) -> Page<Item> {
        var items: [Item] = []
        for index in 0..<min(rows.count, limit) { items.append(try item(rows[index])) }
        let found: Int = try rows.first?.decode(StoredEntity.columnCount) ?? 0
        return Page(items: items, hasMore: found > items.count)
    }

    /// The entities that the caller may see and that pass the filters, one page of them.
    package func list(
        _ query: EntityQuery,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredEntity> {
        let scope = access.scope(for: .readCatalog)
        let direction: SQL = query.isDescending ? "DESC" : "ASC"
        let order: SQL =
            switch query.order {
            case .ref: "e.ref \(direction)"
            case .updatedAt: "e.updated_at \(direction), e.id \(direction)"
            }
        var conditions = query.conditions(within: scope)
        if let start = query.continuation { conditions.append(start) }
        return try await translating { () async throws(DatabaseFault) in
            let entities: SQL = """
                SELECT e.* FROM catalog_entity e
                 WHERE \(SQL.joined(conditions, by: " AND "))
                 ORDER BY \(order) LIMIT \(rows: query.limit + 1)
                """
            let rows = try await database.read(
                """
                SELECT \(StoredEntity.columns(within: scope)), e.found
                  FROM (\(Self.weighed(entities, by: order))) e
                 ORDER BY \(order)
                """
            )
            return try Self.page(rows, limit: query.limit) { row throws(DatabaseFault) in
                try StoredEntity(row)
            }
        }
    }

    /// How many entities pass the filters.
    package func count(
        _ query: EntityQuery,
        as access: Access
    ) async throws(StorageFault) -> Int {
        let conditions = query.conditions(within: access.scope(for: .readCatalog))
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT count(*) FROM catalog_entity e
                 WHERE \(SQL.joined(conditions, by: " AND "))
                """
            )
            return try rows.first?.decode(0) ?? 0
        }
    }

    /// The values that entities which pass the filters have under a key, the most frequent first.
    package func facet(
        _ key: String,
        of query: EntityQuery,
        as access: Access
    ) async throws(StorageFault) -> [FacetValue] {
        let scope = access.scope(for: .readCatalog)
        let conditions = query.conditions(within: scope)
        let found: SQL = "SELECT e.id FROM catalog_entity e WHERE"
        let values: SQL
        if let type = Self.relationType(in: key.lowercased()) {
            values = """
                SELECT r.target AS value, count(DISTINCT r.source) AS count
                  FROM catalog_relation r JOIN catalog_entity e ON e.ref = r.source
                 WHERE r.type = \(type) AND \(scope.orPlatform(on: "r.tenant_id"))
                   AND \(SQL.joined(conditions, by: " AND "))
                """
        } else {
            // Without a condition the index of the keys alone has the answer.
            let chosen: SQL =
                query.isEverything && scope == .everything
                ? "true"
                : "k.entity_id IN (\(found) \(SQL.joined(conditions, by: " AND ")))"
            values = """
                SELECT k.value, count(*) AS count FROM catalog_key k
                 WHERE k.key = \(key.lowercased()) AND \(chosen)
                """
        }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                \(values)
                 GROUP BY 1 ORDER BY 2 DESC, 1
                 LIMIT \(unsafeSQL: String(EntityQuery.facetValuesMax))
                """
            )
            return try rows.map { row throws(DatabaseFault) in
                FacetValue(value: try row.decode(0), count: try row.decode(1))
            }
        }
    }

    /// The type that a key such as `relations.ownedby` means; nil for other keys.
    static func relationType(in key: String) -> String? {
        let prefix = "relations."
        guard key.hasPrefix(prefix) else { return nil }
        return RelationPair.type(named: String(key.dropFirst(prefix.count)))
    }
}

extension EntityQuery {
    /// Whether nothing is left out.
    fileprivate var isEverything: Bool { predicate == .everything && text == nil }

    /// What holds for every entity that is found.
    func conditions(within scope: Access.Scope) -> [SQL] {
        var conditions = [scope.orPlatform(on: "e.tenant_id")]
        if predicate != .everything {
            conditions.append(predicate.condition(within: scope))
        }
        if let text {
            conditions.append(
                EntityWords.query(text).map { "e.words @@ to_tsquery('simple', \($0))" }
                    ?? "false"
            )
        }
        return conditions
    }

    /// The condition that starts the page behind the last one.
    fileprivate var continuation: SQL? {
        guard let after else { return nil }
        let comparison: SQL = isDescending ? "<" : ">"
        return switch after.value {
        case .name(let ref): "e.ref \(comparison) \(ref)"
        case .moment(let moment): "(e.updated_at, e.id) \(comparison) (\(moment), \(after.id))"
        }
    }
}
