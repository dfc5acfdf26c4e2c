package import Catalog
package import Domain
import Postgres

/// Which entities a portal asks for, and in what order.
package struct PortalQuery: Sendable, Hashable {
    /// A text that one of some values holds.
    package struct Search: Sendable, Hashable {
        /// The text, in any case.
        package let term: String
        /// The flat keys of the values, in lower case.
        package let keys: [String]

        /// A search in the values of some keys.
        package init(term: String, keys: [String]) {
            self.term = term
            self.keys = keys.map { $0.lowercased() }
        }
    }

    /// What a list is sorted by.
    package struct Order: Sendable, Hashable {
        /// A flat key, in lower case.
        package let key: String
        /// Whether the largest comes first.
        package let isDescending: Bool

        /// An order by the values of a key; entities without one come last.
        package init(key: String, isDescending: Bool) {
            self.key = key.lowercased()
            self.isDescending = isDescending
        }
    }

    /// What must hold for entities.
    package var predicate: EntityPredicate
    /// What one of their values must hold.
    package var search: Search?
    /// What they are sorted by; by their ids where nothing is said.
    package var order: Order?

    /// A question; everything unless said otherwise.
    package init(
        _ predicate: EntityPredicate = .everything,
        search: Search? = nil,
        order: Order? = nil
    ) {
        self.predicate = predicate
        self.search = search
        self.order = order
    }
}

/// Where an entity stands in a portal's list.
package struct PortalPosition: Sendable, Hashable {
    /// Its value of the key that the list is sorted by; nil where it has none.
    package let value: String?
    /// Its identity.
    package let id: EntityID

    /// Puts together the parts as they are.
    package init(value: String?, id: EntityID) {
        self.value = value
        self.id = id
    }
}

/// An entity in a portal's list.
package struct PortalItem: Sendable {
    /// The entity.
    package let entity: StoredEntity
    /// Where it stands.
    package let position: PortalPosition
}

extension CatalogStore {
    /// The entities behind a position, or in front of it, nearest first; a page of them.
    ///
    /// Those that have the key are read along its index, and those without it behind them.
    package func walk(
        _ query: PortalQuery,
        from position: PortalPosition?,
        backwards: Bool = false,
        offset: Int = 0,
        limit: Int,
        as access: Access
    ) async throws(StorageFault) -> Page<PortalItem> {
        let scope = access.scope(for: .readCatalog)
        var parts: [PortalPart] = query.order == nil ? [.rest] : [.valued, .rest]
        if let position, query.order != nil {
            let isAmongRest = position.value == nil
            if isAmongRest != backwards { parts = isAmongRest ? [.rest] : [.valued] }
        }
        if backwards { parts.reverse() }
        var items: [PortalItem] = []
        var skipped = 0
        for part in parts {
            let isWithin = position.map { ($0.value == nil) == (part == .rest) } ?? false
            let page = PortalPage(
                query: query,
                part: part,
                from: isWithin ? position : nil,
                isBackwards: backwards,
                offset: max(0, offset - skipped),
                limit: limit - items.count
            )
            let read = try await read(page, within: scope)
            items += read.items
            if read.hasMore { return Page(items: items, hasMore: true) }
            // The offset may reach beyond those that have the key.
            if offset > 0, items.isEmpty, part == .valued {
                skipped = try await count(valued: query, within: scope)
            } else {
                skipped = offset
            }
        }
        return Page(items: items, hasMore: false)
    }

    /// How many entities a portal's question finds.
    package func count(
        _ query: PortalQuery,
        as access: Access
    ) async throws(StorageFault) -> Int {
        let conditions = query.conditions(within: access.scope(for: .readCatalog))
        return try await number(
            """
            SELECT count(*) FROM catalog_entity e WHERE \(SQL.joined(conditions, by: " AND "))
            """
        )
    }

    /// The entities of these references that the caller may see and that pass, or as
    /// many as are not too many bytes.
    package func find(
        _ references: [String],
        _ predicate: EntityPredicate,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredEntity> {
        let scope = access.scope(for: .readCatalog)
        var query = EntityQuery(predicate).conditions(within: scope)
        query.append("e.ref = ANY (\(references))")
        let entities: SQL = """
            SELECT e.* FROM catalog_entity e WHERE \(SQL.joined(query, by: " AND "))
            """
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredEntity.columns(within: scope)), e.found
                  FROM (\(Self.weighed(entities, by: "e.id"))) e
                """
            )
            return try Self.page(rows, limit: references.count) { row throws(DatabaseFault) in
                try StoredEntity(row)
            }
        }
    }

    /// A page of a list that is sorted by several keys, or by reference.
    package func list(
        _ query: PortalQuery,
        by orders: [PortalQuery.Order],
        offset: Int,
        limit: Int,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredEntity> {
        let scope = access.scope(for: .readCatalog)
        let conditions = query.conditions(within: scope)
        var columns: [SQL] = orders.map { order in
            let direction: SQL = order.isDescending ? "DESC" : "ASC"
            return """
                (SELECT min(k.folded) FROM catalog_key k
                  WHERE k.entity_id = e.id AND k.key = \(order.key)) \(direction) NULLS LAST
                """
        }
        columns.append(orders.isEmpty ? "e.ref" : "e.id")
        let order = SQL.joined(columns, by: ", ")
        let entities: SQL = """
            SELECT e.*, row_number() OVER (ORDER BY \(order)) AS place FROM catalog_entity e
             WHERE \(SQL.joined(conditions, by: " AND "))
             ORDER BY place OFFSET \(offset) LIMIT \(limit + 1)
            """
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredEntity.columns(within: scope)), e.found
                  FROM (\(Self.weighed(entities, by: "e.place"))) e
                 ORDER BY e.place
                """
            )
            return try Self.page(rows, limit: limit) { row throws(DatabaseFault) in
                try StoredEntity(row)
            }
        }
    }

    private func count(
        valued query: PortalQuery,
        within scope: Access.Scope
    ) async throws(StorageFault) -> Int {
        let conditions = query.conditions(within: scope)
        return try await number(
            """
            SELECT count(*) FROM catalog_entity e
              JOIN catalog_key k ON k.entity_id = e.id AND k.key = \(query.order?.key ?? "")
             WHERE \(SQL.joined(conditions, by: " AND "))
            """
        )
    }

    private func number(_ sql: SQL) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            try await database.read(sql).first?.decode(0) ?? 0
        }
    }

    private func read(
        _ page: PortalPage,
        within scope: Access.Scope
    ) async throws(StorageFault) -> Page<PortalItem> {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredEntity.columns(within: scope)), e.found, e.sorted
                  FROM (\(Self.weighed(page.sql(within: scope), by: page.order))) e
                 ORDER BY \(page.order)
                """
            )
            return try Self.page(rows, limit: page.limit) { row throws(DatabaseFault) in
                let entity = try StoredEntity(row)
                let value: String? = try row.decode(StoredEntity.columnCount + 1)
                return PortalItem(
                    entity: entity,
                    position: PortalPosition(value: value, id: entity.id)
                )
            }
        }
    }
}

/// The entities that have the key of the order, or those that do not.
private enum PortalPart {
    case valued
    case rest
}

/// One look along an index.
private struct PortalPage {
    let query: PortalQuery
    let part: PortalPart
    let from: PortalPosition?
    let isBackwards: Bool
    let offset: Int
    let limit: Int

    private var isDescending: Bool { (query.order?.isDescending ?? false) != isBackwards }

    var order: SQL {
        let direction: SQL = isDescending ? "DESC" : "ASC"
        return part == .valued ? "sorted \(direction), id \(direction)" : "id \(direction)"
    }

    func sql(within scope: Access.Scope) -> SQL {
        let comparison: SQL = isDescending ? "<" : ">"
        var conditions = query.conditions(within: scope)
        let source: SQL
        let sorted: SQL
        switch (part, query.order) {
        case (.valued, let order?):
            source = "catalog_key k JOIN catalog_entity e ON e.id = k.entity_id"
            sorted = "k.folded"
            conditions.append("k.key = \(order.key)")
            if let from {
                conditions.append(
                    "(k.folded, k.entity_id) \(comparison) (\(from.value ?? ""), \(from.id))"
                )
            }
        case (_, let order):
            source = "catalog_entity e"
            sorted = "NULL::text"
            if let order {
                conditions.append(
                    """
                    NOT EXISTS (
                        SELECT FROM catalog_key k
                         WHERE k.entity_id = e.id AND k.key = \(order.key))
                    """
                )
            }
            if let from { conditions.append("e.id \(comparison) \(from.id)") }
        }
        return """
            SELECT e.*, \(sorted) AS sorted FROM \(source)
             WHERE \(SQL.joined(conditions, by: " AND "))
             ORDER BY \(walked)
            OFFSET \(offset) LIMIT \(rows: limit + 1)
            """
    }

    /// The order of the index that is walked along.
    private var walked: SQL {
        let direction: SQL = isDescending ? "DESC" : "ASC"
        return part == .valued
            ? "k.folded \(direction), k.entity_id \(direction)" : "e.id \(direction)"
    }
}

extension PortalQuery {
    /// What holds for every entity that is found.
    fileprivate func conditions(within scope: Access.Scope) -> [SQL] {
        var conditions = EntityQuery(predicate).conditions(within: scope)
        guard let search else { return conditions }
        let pattern = search.pattern
        let ids: SQL = search.keys.contains("metadata.uid") ? "e.id::text LIKE \(pattern)" : "false"
        conditions.append(
            """
            (\(ids) OR e.id IN (
                SELECT k.entity_id FROM catalog_key k
                 WHERE k.key = ANY (\(search.keys)) AND k.folded LIKE \(pattern)))
            """
        )
        return conditions
    }
}

extension PortalQuery.Search {
    /// The text anywhere, with what `LIKE` would read otherwise escaped.
    fileprivate var pattern: String {
        var escaped = ""
        for character in term.lowercased() {
            if "\\%_".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return "%\(escaped)%"
    }
}
