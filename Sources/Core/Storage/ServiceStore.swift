package import Domain
import JSON
import Postgres

/// The services that tenants have ordered.
package struct ServiceStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The tenant's service of that name; nil where there is none that the caller may see.
    package func find(
        _ name: ServiceInstanceName,
        of tenant: TenantName,
        as access: Access
    ) async throws(StorageFault) -> StoredService? {
        try await find(
            where: """
                tenant_id = (SELECT t.id FROM tenant t WHERE t.name = \(tenant.text))
                AND name = \(name.text)
                """,
            as: access
        )
    }

    /// The service with that id; nil where there is none that the caller may see.
    package func find(
        _ id: ServiceInstanceID,
        as access: Access
    ) async throws(StorageFault) -> StoredService? {
        try await find(where: "id = \(id)", as: access)
    }

    private func find(
        where condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> StoredService? {
        let scope = access.scope(for: .readServices)
        if case .nothing = scope { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredService.columns) FROM service_instance
                 WHERE \(condition) AND \(scope.condition(on: "tenant_id"))
                """
            )
            return try rows.first.map(StoredService.init)
        }
    }

    /// The services of a tenant that pass the filters, one page of them.
    package func list(
        _ query: ServiceQuery,
        of tenant: TenantID,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredService> {
        let scope = access.scope(for: .readServices)
        if case .nothing = scope { return Page(items: [], hasMore: false) }
        var conditions: [SQL] = ["tenant_id = \(tenant)", scope.condition(on: "tenant_id")]
        conditions += query.conditions
        // Within one tenant no name is there twice.
        if let start = query.list.continuation(names: .unique) { conditions.append(start) }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredService.columns) FROM service_instance
                 WHERE \(SQL.joined(conditions, by: " AND "))
                \(query.list.ending(names: .unique))
                """
            )
            return try Page(rows, limit: query.list.limit, StoredService.init)
        }
    }

    /// What a tenant has, against which its quotas are judged.
    package func usage(of tenant: TenantID) async throws(StorageFault) -> ServiceUsage {
        try await translating { () async throws(DatabaseFault) in
            try Self.usage(try await database.read(Self.figures(of: tenant)))
        }
    }

    /// The names of a tenant's services that were put into one of its clusters, by name.
    package func names(
        in cluster: ClusterName,
        of tenant: TenantID
    ) async throws(StorageFault) -> [String] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT name FROM service_instance
                 WHERE tenant_id = \(tenant) AND cluster = \(cluster.text)
                 ORDER BY name
                 LIMIT \(ListQuery.limitMax)
                """
            )
            var names: [String] = []
            for row in rows { names.append(try row.decode(0)) }
            return names
        }
    }

    /// How many services belong to an environment, or give a consumer there access.
    package func count(
        around environment: EnvironmentName,
        of tenant: TenantID
    ) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT (SELECT count(*) FROM service_instance
                         WHERE tenant_id = \(tenant) AND environment = \(environment.text))
                     + (SELECT count(*) FROM service_binding
                         WHERE tenant_id = \(tenant) AND environment = \(environment.text))
                """
            )
            return try rows[0].decode(0)
        }
    }

    static func figures(of tenant: TenantID) -> SQL {
        """
        SELECT id, name, offering, phase = 'deleting' FROM service_instance
         WHERE tenant_id = \(tenant)
        """
    }

    static func usage(_ rows: Rows) throws(DatabaseFault) -> ServiceUsage {
        var services: [ServiceFigures] = []
        for row in rows {
            var row = row
            let id: ServiceInstanceID = try row.next()
            let name: String = try row.next()
            let offering: String = try row.next()
            // The table holds no name that is none.
            guard let name = try? ServiceInstanceName(parsing: name),
                // The same.
                let offering = try? OfferingName(parsing: offering)
            else { continue }
            services.append(
                ServiceFigures(id: id, name: name, offering: offering, isDeleting: try row.next())
            )
        }
        return ServiceUsage(services)
    }
}

/// What a list of services can be asked for.
package struct ServiceQuery: Sendable, Hashable {
    /// What every list can be asked for.
    package var list: ListQuery
    /// Only services of this offering.
    package var offering: OfferingName?
    /// Only services that belong to this environment.
    package var environment: EnvironmentName?
    /// Only services in this phase.
    package var phase: ServiceStatus.Phase?

    /// A question; without filters, for all services.
    package init(
        _ list: ListQuery = ListQuery(),
        offering: OfferingName? = nil,
        environment: EnvironmentName? = nil,
        phase: ServiceStatus.Phase? = nil
    ) {
        self.list = list
        self.offering = offering
        self.environment = environment
        self.phase = phase
    }

    fileprivate var conditions: [SQL] {
        var conditions = list.selector.conditions
        if let offering { conditions.append("offering = \(offering.text)") }
        if let environment { conditions.append("environment = \(environment.text)") }
        if let phase { conditions.append("phase = \(phase.rawValue)") }
        return conditions
    }
}
