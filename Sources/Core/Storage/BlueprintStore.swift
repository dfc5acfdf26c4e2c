package import Domain
import Postgres

/// Blueprints.
package struct BlueprintStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The blueprint of that name; nil where there is none that the caller may see.
    package func find(
        _ name: BlueprintName,
        as access: Access
    ) async throws(StorageFault) -> StoredBlueprint? {
        try await find(where: "name = \(name.text)", as: access)
    }

    /// The blueprint with that id; nil where there is none that the caller may see.
    package func find(
        _ id: BlueprintID,
        as access: Access
    ) async throws(StorageFault) -> StoredBlueprint? {
        try await find(where: "id = \(id)", as: access)
    }

    private func find(
        where condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> StoredBlueprint? {
        let scope = access.scope(for: .readBlueprints)
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredBlueprint.columns) FROM blueprint
                 WHERE \(condition) AND \(Self.condition(within: scope))
                """
            )
            return try rows.first.map(StoredBlueprint.init)
        }
    }

    /// The blueprints that the caller may see and that pass the filters, one page of them.
    package func list(
        _ query: ListQuery,
        phase: BlueprintStatus.Phase? = nil,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredBlueprint> {
        let scope = access.scope(for: .readBlueprints)
        var conditions = [Self.condition(within: scope)] + query.selector.conditions
        if let phase { conditions.append("phase = \(phase.rawValue)") }
        if let start = query.continuation(names: .unique) { conditions.append(start) }
        let sql: SQL = """
            SELECT \(StoredBlueprint.columns) FROM blueprint
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.ending(names: .unique))
            """
        return try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit, StoredBlueprint.init)
        }
    }

    /// The sealed credentials of a blueprint, for the worker that is going to fetch it.
    package func credentials(
        of blueprint: BlueprintID,
        as access: Access
    ) async throws(StorageFault) -> String? {
        guard case .system = access else { throw .notFound }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                "SELECT credentials FROM blueprint WHERE id = \(blueprint)"
            )
            return try rows.first.flatMap { row throws(DatabaseFault) in try row.decode(0) }
        }
    }

    /// People of a tenant see the blueprint that the tenant is made from, and no other.
    static func condition(within scope: Access.Scope) -> SQL {
        switch scope {
        case .everything: "true"
        case .tenant(let tenant):
            "blueprint.id = (SELECT t.blueprint_id FROM tenant t WHERE t.id = \(tenant))"
        case .nothing: "false"
        }
    }
}

/// A blueprint as it is stored: documents as JSON text that can be sent out as it is.
package struct StoredBlueprint: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package let id: BlueprintID
    /// The name, unique among things of the kind.
    package let name: String
    /// The text of a JSON object.
    package let labels: [UInt8]
    /// The text of a JSON object.
    package let spec: [UInt8]
    /// The text of a JSON object.
    package let status: [UInt8]
    /// Goes up with every change of the spec, from 1.
    package let generation: Int64
    /// Goes up with every change of anything, from 1.
    package let revision: Int64
    /// When it was made.
    package let createdAt: Domain.Instant
    /// When it last changed.
    package let updatedAt: Domain.Instant

    static let columns: SQL = """
        id, name, labels, spec, status, generation, revision, created_at, updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        name = try row.next()
        labels = try row.next()
        spec = try row.next()
        status = try row.next()
        generation = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }

    /// The place of the blueprint in a list of that order.
    package func position(by key: ListOrder.Key) -> ListPosition {
        ListPosition(value: key == .name ? .name(name) : .moment(createdAt), id: id.cast())
    }

    /// The blueprint as the domain knows it.
    package func blueprint() throws(StorageFault) -> Blueprint {
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        let status = try parsed(status)
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let name = try? BlueprintName(parsing: name) else {
                throw DocumentFault(member: "name")
            }
            return Blueprint(
                id: id,
                name: name,
                labels: try Labels(reading: labels),
                spec: try BlueprintSpec(reading: spec),
                status: try BlueprintStatus(reading: status),
                generation: generation,
                revision: revision,
                createdAt: createdAt,
                updatedAt: updatedAt
            )
        }
    }
}
