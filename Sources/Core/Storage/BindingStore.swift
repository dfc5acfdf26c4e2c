package import Domain
import JSON
import Postgres

/// The bindings of services.
package struct BindingStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The service's binding of that name; nil where there is none that the caller may see.
    package func find(
        _ name: BindingName,
        of service: ServiceInstanceID,
        as access: Access
    ) async throws(StorageFault) -> StoredBinding? {
        try await find(where: "service_id = \(service) AND name = \(name.text)", as: access)
    }

    /// The binding with that id; nil where there is none that the caller may see.
    package func find(
        _ id: BindingID,
        as access: Access
    ) async throws(StorageFault) -> StoredBinding? {
        try await find(where: "id = \(id)", as: access)
    }

    private func find(
        where condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> StoredBinding? {
        let scope = access.scope(for: .readServices)
        if case .nothing = scope { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredBinding.columns) FROM service_binding
                 WHERE \(condition) AND \(scope.condition(on: "tenant_id"))
                """
            )
            return try rows.first.map(StoredBinding.init)
        }
    }

    /// Whether the service has bindings that nobody has asked to be revoked.
    package func hasUnrevoked(of service: ServiceInstanceID) async throws(StorageFault) -> Bool {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT 1 FROM service_binding
                 WHERE service_id = \(service) AND phase <> 'revoking'
                 LIMIT 1
                """
            )
            return rows.first != nil
        }
    }

    /// The bindings of a service that pass the filters, one page of them.
    package func list(
        _ query: ListQuery,
        of service: ServiceInstanceID,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredBinding> {
        let scope = access.scope(for: .readServices)
        if case .nothing = scope { return Page(items: [], hasMore: false) }
        var conditions: [SQL] = ["service_id = \(service)", scope.condition(on: "tenant_id")]
        conditions += query.selector.conditions
        // Within one service no name is there twice.
        if let start = query.continuation(names: .unique) { conditions.append(start) }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredBinding.columns) FROM service_binding
                 WHERE \(SQL.joined(conditions, by: " AND "))
                \(query.ending(names: .unique))
                """
            )
            return try Page(rows, limit: query.limit, StoredBinding.init)
        }
    }
}
