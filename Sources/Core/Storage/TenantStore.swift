package import Domain
import JSON
import Postgres

/// Tenants.
package struct TenantStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The tenant of that name; nil where there is none that the caller may see.
    package func find(
        _ name: TenantName,
        as access: Access
    ) async throws(StorageFault) -> StoredTenant? {
        let scope = access.scope(for: .readTenant)
        if case .nothing = scope { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredTenant.columns) FROM tenant
                 WHERE name = \(name.text) AND \(scope.condition(on: "id"))
                """
            )
            return try rows.first.map(StoredTenant.init)
        }
    }

    /// The tenant with that id; nil where there is none that the caller may see.
    package func find(
        _ id: TenantID,
        as access: Access
    ) async throws(StorageFault) -> StoredTenant? {
        let scope = access.scope(for: .readTenant)
        if case .nothing = scope { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredTenant.columns) FROM tenant
                 WHERE id = \(id) AND \(scope.condition(on: "id"))
                """
            )
            return try rows.first.map(StoredTenant.init)
        }
    }

    /// The tenants that the caller may see and that pass the filters, one page of them.
    package func list(
        _ query: TenantQuery,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredTenant> {
        let scope = access.scope(for: .readTenant)
        if case .nothing = scope { return Page(items: [], hasMore: false) }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(Self.listing(query, within: scope))
            return try Page(rows, limit: query.list.limit) { row throws(DatabaseFault) in
                try StoredTenant(row)
            }
        }
    }

    static func listing(_ query: TenantQuery, within scope: Access.Scope) -> SQL {
        var conditions = [scope.condition(on: "id")] + query.list.selector.conditions
        if let blueprint = query.blueprint {
            conditions.append(
                "blueprint_id = (SELECT b.id FROM blueprint b WHERE b.name = \(blueprint.text))"
            )
        }
        if let phase = query.phase {
            // As a literal, so that the partial index is known to hold what is asked for.
            conditions.append("phase = '\(unsafeSQL: phase.rawValue)'")
        }
        if let start = query.list.continuation(names: .unique) { conditions.append(start) }
        return """
            SELECT \(StoredTenant.columns) FROM tenant
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.list.ending(names: .unique))
            """
    }
}

/// What a list of tenants can be asked for.
package struct TenantQuery: Sendable, Hashable {
    /// What every list can be asked for.
    package var list: ListQuery
    /// Only tenants of this blueprint.
    package var blueprint: BlueprintName?
    /// Only tenants in this phase.
    package var phase: TenantStatus.Phase?

    /// A question; without filters, for all tenants.
    package init(
        _ list: ListQuery = ListQuery(),
        blueprint: BlueprintName? = nil,
        phase: TenantStatus.Phase? = nil
    ) {
        self.list = list
        self.blueprint = blueprint
        self.phase = phase
    }
}

/// A tenant as it is stored: documents as JSON text that can be sent out as it is.
package struct StoredTenant: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package let id: TenantID
    /// The name, unique among things of the kind.
    package let name: String
    /// The blueprint that it is made from.
    package let blueprint: BlueprintID
    /// The text of a JSON object.
    package let labels: [UInt8]
    /// The text of a JSON object.
    package let spec: [UInt8]
    /// The text of a JSON object.
    package let status: [UInt8]
    /// The text of a JSON object; nil while there is no repository.
    package let repository: [UInt8]?
    /// Goes up with every change of the spec, from 1.
    package let generation: Int64
    /// Goes up with every change of anything, from 1.
    package let revision: Int64
    /// When it was made.
    package let createdAt: Domain.Instant
    /// When it last changed.
    package let updatedAt: Domain.Instant

    static let columns: SQL = """
        id, name, blueprint_id, labels, spec, status, repository, generation, revision,
        created_at, updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        name = try row.next()
        blueprint = try row.next()
        labels = try row.next()
        spec = try row.next()
        status = try row.next()
        repository = try row.next()
        generation = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }

    /// The place of the tenant in a list of that order.
    package func position(by key: ListOrder.Key) -> ListPosition {
        ListPosition(value: key == .name ? .name(name) : .moment(createdAt), id: id.cast())
    }

    /// The tenant as the domain knows it.
    package func tenant() throws(StorageFault) -> Tenant {
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        let status = try parsed(status)
        var repositoryDocument: JSON?
        if let repository { repositoryDocument = try parsed(repository) }
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let name = try? TenantName(parsing: name) else {
                throw DocumentFault(member: "name")
            }
            return Tenant(
                id: id,
                name: name,
                labels: try Labels(reading: labels),
                spec: try TenantSpec(reading: spec),
                status: try TenantStatus(reading: status),
                blueprint: blueprint,
                repository: try repositoryDocument.map { document throws(DocumentFault) in
                    try TenantRepository(reading: document)
                },
                generation: generation,
                revision: revision,
                createdAt: createdAt,
                updatedAt: updatedAt
            )
        }
    }
}
