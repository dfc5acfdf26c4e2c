package import Domain
import JSON
import Postgres

/// The environments of tenants.
package struct EnvironmentStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The tenant's environment of that name; nil where there is none that the caller may see.
    package func find(
        _ name: EnvironmentName,
        of tenant: TenantName,
        as access: Access
    ) async throws(StorageFault) -> StoredEnvironment? {
        try await find(
            where: """
                tenant_id = (SELECT t.id FROM tenant t WHERE t.name = \(tenant.text))
                AND name = \(name.text)
                """,
            as: access
        )
    }

    /// The environment with that id; nil where there is none that the caller may see.
    package func find(
        _ id: EnvironmentID,
        as access: Access
    ) async throws(StorageFault) -> StoredEnvironment? {
        try await find(where: "id = \(id)", as: access)
    }

    private func find(
        where condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> StoredEnvironment? {
        let scope = access.scope(for: .readEnvironments)
        if case .nothing = scope { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredEnvironment.columns) FROM environment
                 WHERE \(condition) AND \(scope.condition(on: "tenant_id"))
                """
            )
            return try rows.first.map(StoredEnvironment.init)
        }
    }

    /// The environments of a tenant that pass the filters, one page of them.
    package func list(
        _ query: EnvironmentQuery,
        of tenant: TenantID,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredEnvironment> {
        let scope = access.scope(for: .readEnvironments)
        if case .nothing = scope { return Page(items: [], hasMore: false) }
        var conditions: [SQL] = ["tenant_id = \(tenant)", scope.condition(on: "tenant_id")]
        conditions += query.conditions
        // Within one tenant no name is there twice.
        if let start = query.list.continuation(names: .unique) { conditions.append(start) }
        return try await page(
            """
            SELECT \(StoredEnvironment.columns) FROM environment
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.list.ending(names: .unique))
            """,
            limit: query.list.limit
        )
    }

    /// The environments of all tenants that end before a moment, the soonest first; one page of
    /// those that the caller may see.
    ///
    /// `after` is where the last page ended: the moment and the id of its last environment.
    package func expiring(
        _ query: ExpiringQuery,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredEnvironment> {
        let scope = access.scope(for: .readEnvironments)
        if case .nothing = scope { return Page(items: [], hasMore: false) }
        var conditions: [SQL] = [
            "expires_at < \(query.before)", "phase <> 'deleting'",
            scope.condition(on: "tenant_id"),
        ]
        if let after = query.after {
            conditions.append("(expires_at, id) > (\(after.expiresAt), \(after.id))")
        }
        return try await page(
            """
            SELECT \(StoredEnvironment.columns) FROM environment
             WHERE \(SQL.joined(conditions, by: " AND "))
             ORDER BY expires_at, id LIMIT \(rows: query.limit + 1)
            """,
            limit: query.limit
        )
    }

    private func page(
        _ sql: SQL,
        limit: Int
    ) async throws(StorageFault) -> Page<StoredEnvironment> {
        try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: limit, StoredEnvironment.init)
        }
    }
}

/// What a list of environments can be asked for.
package struct EnvironmentQuery: Sendable, Hashable {
    /// What every list can be asked for.
    package var list: ListQuery
    /// Only environments for this.
    package var type: EnvironmentType?
    /// Only environments of this service.
    package var service: ServiceName?
    /// Only environments in this phase.
    package var phase: EnvironmentStatus.Phase?

    /// A question; without filters, for all environments.
    package init(
        _ list: ListQuery = ListQuery(),
        type: EnvironmentType? = nil,
        service: ServiceName? = nil,
        phase: EnvironmentStatus.Phase? = nil
    ) {
        self.list = list
        self.type = type
        self.service = service
        self.phase = phase
    }

    fileprivate var conditions: [SQL] {
        var conditions = list.selector.conditions
        if let type { conditions.append("type = \(type.rawValue)") }
        if let service { conditions.append("service = \(service.text)") }
        if let phase { conditions.append("phase = \(phase.rawValue)") }
        return conditions
    }
}

/// What a list of environments that end soon can be asked for.
package struct ExpiringQuery: Sendable, Hashable {
    /// The last environment of the page before.
    package struct Position: Sendable, Hashable {
        /// When it ends.
        package var expiresAt: Domain.Instant
        /// Which one it is.
        package var id: EnvironmentID

        /// The place behind that environment.
        package init(expiresAt: Domain.Instant, id: EnvironmentID) {
            self.expiresAt = expiresAt
            self.id = id
        }
    }

    /// Only environments that end before this.
    package var before: Domain.Instant
    /// Where the last page ended; nil starts at the front.
    package var after: Position?
    /// How many at most; held to 1…500.
    package var limit: Int

    /// A question for what ends before that.
    package init(before: Domain.Instant, after: Position? = nil, limit: Int = 50) {
        self.before = before
        self.after = after
        self.limit = max(1, min(limit, ListQuery.limitMax))
    }
}
