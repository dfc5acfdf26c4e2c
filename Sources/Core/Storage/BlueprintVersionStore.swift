package import Domain
import Postgres

/// The versions of blueprints.
package struct BlueprintVersionStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// One version; nil where there is none that the caller may see.
    package func find(
        _ version: String,
        of blueprint: BlueprintName,
        as access: Access
    ) async throws(StorageFault) -> BlueprintVersion? {
        try await find(where: "version.version = \(version)", of: blueprint, as: access)
    }

    /// The version that tenants get that ask for none; nil where there is none.
    package func findDefault(
        of blueprint: BlueprintName,
        as access: Access
    ) async throws(StorageFault) -> BlueprintVersion? {
        try await find(where: "version.state = 'default'", of: blueprint, as: access)
    }

    private func find(
        where condition: SQL,
        of blueprint: BlueprintName,
        as access: Access
    ) async throws(StorageFault) -> BlueprintVersion? {
        let scope = access.scope(for: .readBlueprints)
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(BlueprintVersion.columns)
                  FROM blueprint_version version JOIN blueprint ON blueprint.id = blueprint_id
                 WHERE blueprint.name = \(blueprint.text)
                   AND \(condition)
                   AND \(BlueprintStore.condition(within: scope))
                """
            )
            return try rows.first.map(BlueprintVersion.init)
        }
    }

    /// The versions of a blueprint that the caller may see, the newest by SemVer first, from
    /// behind the version at which the last page ended.
    package func list(
        of blueprint: BlueprintName,
        after: BlueprintVersion? = nil,
        limit: Int,
        as access: Access
    ) async throws(StorageFault) -> Page<BlueprintVersion> {
        let limit = max(1, min(limit, ListQuery.limitMax))
        let scope = access.scope(for: .readBlueprints)
        var conditions: [SQL] = [
            "blueprint.name = \(blueprint.text)", BlueprintStore.condition(within: scope),
        ]
        if let after {
            conditions.append("(sort_key, version.id) < (\(after.sortKey), \(after.id))")
        }
        let sql: SQL = """
            SELECT \(BlueprintVersion.columns)
              FROM blueprint_version version JOIN blueprint ON blueprint.id = blueprint_id
             WHERE \(SQL.joined(conditions, by: " AND "))
             ORDER BY sort_key DESC, version.id DESC
             LIMIT \(rows: limit + 1)
            """
        return try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: limit, BlueprintVersion.init)
        }
    }
}

extension BlueprintVersion {
    static let columns: SQL = """
        version.id, version.blueprint_id, version.version, version.tag, version.commit,
        version.state, version.parameters, version.summary, version.created_at,
        version.updated_at, version.revision
        """

    /// What the version sorts by; one that is not SemVer comes last.
    var sortKey: String { SemanticVersion(version)?.sortKey ?? "" }

    init(_ row: Row) throws(DatabaseFault) {
        self.init(
            id: try row.decode(0),
            blueprint: try row.decode(1),
            version: try row.decode(2),
            tag: try row.decode(3),
            commit: try row.decode(4),
            state: State(rawValue: try row.decode(5)) ?? .defective,
            parameterSchema: try row.decode(6),
            summary: try row.decode(7),
            discoveredAt: try row.decode(8),
            updatedAt: try row.decode(9),
            revision: try row.decode(10)
        )
    }
}
