package import Domain
import JSON
import Postgres

/// Cluster classes.
package struct ClusterClassStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The class of that name, with its template; nil where there is none that the caller may see.
    package func find(
        _ name: ClusterClassName,
        as access: Access
    ) async throws(StorageFault) -> StoredClusterClass? {
        try await find(where: "name = \(name.text)", as: access)
    }

    /// The class with that id, with its template; nil where there is none that the caller may see.
    package func find(
        _ id: ClusterClassID,
        as access: Access
    ) async throws(StorageFault) -> StoredClusterClass? {
        try await find(where: "id = \(id)", as: access)
    }

    private func find(
        where condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> StoredClusterClass? {
        guard access.allows(.readClusterClasses) else { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredClusterClass.columns), template FROM cluster_class
                 WHERE \(condition)
                """
            )
            return try rows.first.map { row throws(DatabaseFault) in
                try StoredClusterClass(row, hasTemplate: true)
            }
        }
    }

    /// The classes that pass the filters, one page of them, without their templates.
    package func list(
        _ query: ListQuery,
        phase: ClusterClass.Phase? = nil,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredClusterClass> {
        guard access.allows(.readClusterClasses) else { return Page(items: [], hasMore: false) }
        var conditions: [SQL] = ["true"] + query.selector.conditions
        if let phase { conditions.append("phase = \(phase.rawValue)") }
        if let start = query.continuation(names: .unique) { conditions.append(start) }
        let sql: SQL = """
            SELECT \(StoredClusterClass.columns) FROM cluster_class
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.ending(names: .unique))
            """
        return try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit) {
                row throws(DatabaseFault) in
                try StoredClusterClass(row, hasTemplate: false)
            }
        }
    }

    /// What every class allows, by name.
    package func policies() async throws(StorageFault) -> [ClusterClassPolicy] {
        var policies: [ClusterClassPolicy] = []
        let rows = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                "SELECT id, name, definition, status FROM cluster_class ORDER BY name"
            )
        }
        for row in rows {
            let (id, name, definition, status) = try await translating {
                () async throws(DatabaseFault) in
                (
                    try row.decode(0, as: ClusterClassID.self), try row.decode(1, as: String.self),
                    try row.decode(2, as: [UInt8].self), try row.decode(3, as: [UInt8].self)
                )
            }
            // The table holds no name that is none.
            guard let name = try? ClusterClassName(parsing: name) else { continue }
            policies.append(
                ClusterClassPolicy(
                    id: id,
                    name: name,
                    definition: try parsed(definition),
                    status: try parsed(status)
                )
            )
        }
        return policies
    }
}

/// A cluster class as it is stored: documents as JSON text that can be sent out as it is.
package struct StoredClusterClass: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package let id: ClusterClassID
    /// The name, unique among things of the kind.
    package let name: String
    /// The text of a JSON object.
    package let labels: [UInt8]
    /// What was sent, without the template: the text of a JSON object.
    package let definition: [UInt8]
    /// The blueprint that it comes from; nil where it was sent.
    package let sourceBlueprint: String?
    /// The version of that blueprint.
    package let sourceVersion: String?
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
    /// The template as it was published; nil in lists.
    package let template: String?

    static let columns: SQL = """
        id, name, labels, definition, source_blueprint, source_version, status, generation,
        revision, created_at, updated_at
        """

    init(_ row: Row, hasTemplate: Bool) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        name = try row.next()
        labels = try row.next()
        definition = try row.next()
        sourceBlueprint = try row.next()
        sourceVersion = try row.next()
        status = try row.next()
        generation = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        template = hasTemplate ? try row.next() : nil
    }

    /// The place of the class in a list of that order.
    package func position(by key: ListOrder.Key) -> ListPosition {
        ListPosition(value: key == .name ? .name(name) : .moment(createdAt), id: id.cast())
    }

    /// The class as the domain knows it; in lists without its template.
    package func clusterClass() throws(StorageFault) -> ClusterClass {
        let labels = try parsed(labels)
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let name = try? ClusterClassName(parsing: name) else {
                throw DocumentFault(member: "name")
            }
            var source: ClusterClassSource?
            if let sourceBlueprint, let sourceVersion,
                // The table holds no name that is none.
                let blueprint = try? BlueprintName(parsing: sourceBlueprint)
            {
                source = ClusterClassSource(blueprint: blueprint, version: sourceVersion)
            }
            return ClusterClass(
                id: id,
                name: name,
                labels: try Labels(reading: labels),
                definition: definition,
                template: template ?? "",
                source: source,
                status: status,
                generation: generation,
                revision: revision,
                createdAt: createdAt,
                updatedAt: updatedAt
            )
        }
    }
}
