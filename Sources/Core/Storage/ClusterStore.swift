package import Domain
import JSON
import Postgres

/// The clusters of tenants.
package struct ClusterStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The tenant's cluster of that name; nil where there is none that the caller may see.
    package func find(
        _ name: ClusterName,
        of tenant: TenantName,
        as access: Access
    ) async throws(StorageFault) -> StoredCluster? {
        try await find(
            where: """
                tenant_id = (SELECT t.id FROM tenant t WHERE t.name = \(tenant.text))
                AND name = \(name.text)
                """,
            as: access
        )
    }

    /// The cluster with that id; nil where there is none that the caller may see.
    package func find(
        _ id: ClusterID,
        as access: Access
    ) async throws(StorageFault) -> StoredCluster? {
        try await find(where: "id = \(id)", as: access)
    }

    private func find(
        where condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> StoredCluster? {
        let scope = access.scope(for: .readClusters)
        if case .nothing = scope { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredCluster.columns) FROM cluster
                 WHERE \(condition) AND \(scope.condition(on: "tenant_id"))
                """
            )
            return try rows.first.map(StoredCluster.init)
        }
    }

    /// The clusters of a tenant that pass the filters, one page of them.
    package func list(
        _ query: ClusterQuery,
        of tenant: TenantID,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredCluster> {
        let scope = access.scope(for: .readClusters)
        if case .nothing = scope { return Page(items: [], hasMore: false) }
        var conditions: [SQL] = ["tenant_id = \(tenant)", scope.condition(on: "tenant_id")]
        conditions += query.list.selector.conditions
        if let kind = query.kind { conditions.append("kind = \(kind.rawValue)") }
        if let phase = query.phase { conditions.append("phase = \(phase.rawValue)") }
        // Within one tenant no name is there twice.
        if let start = query.list.continuation(names: .unique) { conditions.append(start) }
        let sql: SQL = """
            SELECT \(StoredCluster.columns) FROM cluster
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.list.ending(names: .unique))
            """
        return try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.list.limit, StoredCluster.init)
        }
    }

    /// What a tenant has, against which its quotas are judged.
    package func usage(of tenant: TenantID) async throws(StorageFault) -> TenantUsage {
        let rows = try await translating { () async throws(DatabaseFault) in
            try await database.read(Self.figures(of: tenant))
        }
        return try Self.usage(rows)
    }
}

/// What a list of clusters can be asked for.
package struct ClusterQuery: Sendable, Hashable {
    /// What every list can be asked for.
    package var list: ListQuery
    /// Only clusters of this kind.
    package var kind: ClusterKind?
    /// Only clusters in this phase.
    package var phase: ClusterStatus.Phase?

    /// A question; without filters, for all clusters.
    package init(
        _ list: ListQuery = ListQuery(),
        kind: ClusterKind? = nil,
        phase: ClusterStatus.Phase? = nil
    ) {
        self.list = list
        self.kind = kind
        self.phase = phase
    }
}

/// A cluster as it is stored: documents as JSON text that can be sent out as it is.
package struct StoredCluster: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package let id: ClusterID
    /// The tenant that it belongs to.
    package let tenant: TenantID
    /// The name of that tenant.
    package let tenantName: String
    /// The name, unique within the tenant.
    package let name: String
    /// What it is called on the management cluster.
    package let slug: String
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
        id, tenant_id, tenant_name, name, slug, labels, spec, status, generation, revision,
        created_at, updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        id = try row.next()
        tenant = try row.next()
        tenantName = try row.next()
        name = try row.next()
        slug = try row.next()
        labels = try row.next()
        spec = try row.next()
        status = try row.next()
        generation = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }

    /// The place of the cluster in a list of that order.
    package func position(by key: ListOrder.Key) -> ListPosition {
        ListPosition(value: key == .name ? .name(name) : .moment(createdAt), id: id.cast())
    }

    /// The cluster as the domain knows it.
    package func cluster() throws(StorageFault) -> Cluster {
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        let status = try parsed(status)
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let name = try? ClusterName(parsing: name),
                // The same.
                let tenantName = try? TenantName(parsing: tenantName)
            else { throw DocumentFault(member: "name") }
            return Cluster(
                id: id,
                tenant: tenant,
                tenantName: tenantName,
                name: name,
                slug: ClusterSlug(stored: slug),
                labels: try Labels(reading: labels),
                spec: try ClusterSpec(reading: spec),
                status: try ClusterStatus(reading: status),
                generation: generation,
                revision: revision,
                createdAt: createdAt,
                updatedAt: updatedAt
            )
        }
    }
}
