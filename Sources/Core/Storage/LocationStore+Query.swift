package import Catalog
package import Domain
import Postgres

/// Which locations a portal asks for.
package struct LocationQuery: Sendable, Hashable {
    /// What a location can be asked about.
    fileprivate enum Key: String, CaseIterable {
        case id
        case type
        case target
        case entityReference = "entityref"
    }

    /// What must hold for locations.
    package let predicate: EntityPredicate
    /// The last location of the page before; nil starts at the front.
    package let after: LocationID?
    /// How many at most.
    package let limit: Int

    /// A question about `id`, `type`, `target` and `entityRef`.
    ///
    /// - Throws: where the predicate asks about anything else.
    package init(
        _ predicate: EntityPredicate,
        after: LocationID?,
        limit: Int
    ) throws(LocationQueryFault) {
        for key in predicate.keys.sorted() where Key(rawValue: key) == nil {
            throw .unknownKey(key, Key.allCases.map(\.rawValue))
        }
        self.predicate = predicate
        self.after = after
        self.limit = limit
    }

    fileprivate func conditions(within scope: Access.Scope) -> [SQL] {
        [scope.orPlatform(on: "l.tenant_id"), predicate.conditionOnLocation]
    }
}

/// Why locations cannot be asked for like that.
package enum LocationQueryFault: Error, Equatable {
    /// Locations have no such key, but these.
    case unknownKey(String, [String])
}

extension LocationStore {
    /// The locations that pass and that the caller may see, by their ids, a page of them.
    package func list(
        _ query: LocationQuery,
        as access: Access
    ) async throws(StorageFault) -> Page<CatalogLocation> {
        var conditions = query.conditions(within: access.scope(for: .readCatalog))
        if let after = query.after { conditions.append("l.id > \(after)") }
        let sql: SQL = """
            SELECT \(StoredLocation.columns) FROM \(StoredLocation.tables)
             WHERE \(SQL.joined(conditions, by: " AND "))
             ORDER BY l.id LIMIT \(rows: query.limit + 1)
            """
        let page = try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit, StoredLocation.init)
        }
        var items: [CatalogLocation] = []
        for stored in page.items { items.append(try stored.location()) }
        return Page(items: items, hasMore: page.hasMore)
    }

    /// How many locations pass, on all pages.
    package func count(
        _ query: LocationQuery,
        as access: Access
    ) async throws(StorageFault) -> Int {
        let conditions = query.conditions(within: access.scope(for: .readCatalog))
        return try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT count(*) FROM \(StoredLocation.tables)
                 WHERE \(SQL.joined(conditions, by: " AND "))
                """
            ).first?.decode(0) ?? 0
        }
    }
}

extension EntityPredicate {
    /// What holds for the location `l` where it passes.
    fileprivate var conditionOnLocation: SQL {
        switch self {
        case .all(let parts):
            guard !parts.isEmpty else { return "true" }
            return "(\(SQL.joined(parts.map(\.conditionOnLocation), by: " AND ")))"
        case .any(let parts):
            guard !parts.isEmpty else { return "false" }
            return "(\(SQL.joined(parts.map(\.conditionOnLocation), by: " OR ")))"
        case .not(let part): return "NOT \(part.conditionOnLocation)"
        case .key(let key, let test):
            guard let key = LocationQuery.Key(rawValue: key) else { return "false" }
            return "(\(test.condition(on: key.column)))"
        }
    }
}

extension LocationQuery.Key {
    /// The value in lower case.
    fileprivate var column: SQL {
        switch self {
        case .id: "l.id::text"
        case .type: "'url'::text"
        case .target: "lower(l.target)"
        case .entityReference: "'location:' || coalesce(t.name, 'default') || '/' || l.id"
        }
    }
}

extension EntityPredicate.Test {
    fileprivate func condition(on column: SQL) -> SQL {
        switch self {
        case .exists: "true"
        case .isOne(let values): "\(column) = ANY (\(values))"
        case .hasPrefix(let prefix): "starts_with(\(column), \(prefix))"
        // None of these is a list.
        case .contains: "false"
        }
    }
}
