package import Domain
import JSON
import Postgres

/// Which pipelines a tenant trusts, and the tokens that they get.
package struct TrustStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The tenant's trust of that name; nil where there is none that the caller may see.
    package func find(
        _ name: TrustName,
        of tenant: TenantName,
        as access: Access
    ) async throws(StorageFault) -> Trust? {
        let scope = access.scope(for: .manageTrusts)
        return try await all(
            where: """
                tenant_name = \(tenant.text) AND name = \(name.text)
                AND \(scope.condition(on: "tenant_id"))
                """
        ).first
    }

    /// The trust with that id; nil where there is none that the caller may see.
    package func find(_ id: TrustID, as access: Access) async throws(StorageFault) -> Trust? {
        let scope = access.scope(for: .manageTrusts)
        return try await all(where: "id = \(id) AND \(scope.condition(on: "tenant_id"))").first
    }

    /// Every trust of a tenant in an issuer, by name: what a token of that issuer is held against.
    package func all(
        of tenant: TenantName,
        in issuer: String
    ) async throws(StorageFault) -> [Trust] {
        try await all(
            where: "tenant_name = \(tenant.text) AND spec ->> 'issuer' = \(issuer)"
        )
    }

    /// The trusts of a tenant, one page of them.
    package func list(
        _ query: ListQuery,
        of tenant: TenantID,
        as access: Access
    ) async throws(StorageFault) -> Page<Trust> {
        let scope = access.scope(for: .manageTrusts)
        var conditions: [SQL] = ["tenant_id = \(tenant)", scope.condition(on: "tenant_id")]
        conditions += query.selector.conditions
        if let start = query.continuation(names: .unique) { conditions.append(start) }
        let sql: SQL = """
            SELECT \(StoredTrust.columns) FROM trust
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.ending(names: .unique))
            """
        let page = try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit, StoredTrust.init)
        }
        var items: [Trust] = []
        for stored in page.items { items.append(try stored.trust()) }
        return Page(items: items, hasMore: page.hasMore)
    }

    private func all(where condition: SQL) async throws(StorageFault) -> [Trust] {
        let rows = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT \(StoredTrust.columns) FROM trust WHERE \(condition)
                 ORDER BY name LIMIT \(Trust.countMax)
                """
            )
        }
        var trusts: [Trust] = []
        for row in rows {
            let stored = try translatingRow { () throws(DatabaseFault) in try StoredTrust(row) }
            trusts.append(try stored.trust())
        }
        return trusts
    }

    private func translatingRow<Value>(
        _ body: () throws(DatabaseFault) -> Value
    ) throws(StorageFault) -> Value {
        do throws(DatabaseFault) { return try body() } catch { throw StorageFault(error) }
    }
}

/// A trust as it is stored, its documents not read yet.
private struct StoredTrust: Sendable {
    private let id: TrustID
    private let tenant: TenantID
    private let tenantName: String
    private let name: String
    private let labels: [UInt8]
    private let spec: [UInt8]
    private let usedAt: Domain.Instant?
    private let generation: Int64
    private let revision: Int64
    private let createdAt: Domain.Instant
    private let updatedAt: Domain.Instant

    static let columns: SQL = """
        id, tenant_id, tenant_name, name, labels, spec, used_at, generation, revision, created_at,
        updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        tenant = try row.next()
        tenantName = try row.next()
        name = try row.next()
        labels = try row.next()
        spec = try row.next()
        usedAt = try row.next()
        generation = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }

    func trust() throws(StorageFault) -> Trust {
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let tenantName = try? TenantName(parsing: tenantName),
                let name = try? TrustName(parsing: name)  // As above.
            else { throw DocumentFault(member: "name") }
            return Trust(
                id: id,
                tenant: tenant,
                tenantName: tenantName,
                name: name,
                labels: try Labels(reading: labels),
                spec: try TrustSpec(reading: spec),
                usedAt: usedAt,
                generation: generation,
                revision: revision,
                createdAt: createdAt,
                updatedAt: updatedAt
            )
        }
    }
}
