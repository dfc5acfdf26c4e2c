package import Domain
import JSON
import Postgres

/// Management clusters.
package struct ManagementClusterStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The management cluster of that name; nil where there is none that the caller may see.
    package func find(
        _ name: ManagementClusterName,
        as access: Access
    ) async throws(StorageFault) -> StoredManagementCluster? {
        try await find(where: "name = \(name.text)", as: access)
    }

    /// The management cluster with that id; nil where there is none that the caller may see.
    package func find(
        _ id: ManagementClusterID,
        as access: Access
    ) async throws(StorageFault) -> StoredManagementCluster? {
        try await find(where: "id = \(id)", as: access)
    }

    private func find(
        where condition: SQL,
        as access: Access
    ) async throws(StorageFault) -> StoredManagementCluster? {
        guard case .everything = access.scope(for: .readManagementClusters) else { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredManagementCluster.columns) FROM management_cluster
                 WHERE \(condition)
                """
            )
            return try rows.first.map(StoredManagementCluster.init)
        }
    }

    /// The management clusters that pass the filters, one page of them.
    package func list(
        _ query: ListQuery,
        phase: ManagementClusterStatus.Phase? = nil,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredManagementCluster> {
        guard case .everything = access.scope(for: .readManagementClusters) else {
            return Page(items: [], hasMore: false)
        }
        var conditions: [SQL] = ["true"] + query.selector.conditions
        if let phase { conditions.append("phase = \(phase.rawValue)") }
        if let start = query.continuation(names: .unique) { conditions.append(start) }
        let sql: SQL = """
            SELECT \(StoredManagementCluster.columns) FROM management_cluster
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.ending(names: .unique))
            """
        return try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit, StoredManagementCluster.init)
        }
    }

    /// The sealed kubeconfig of a management cluster, for the worker that is going to use it.
    package func kubeconfig(
        of management: ManagementClusterID,
        as access: Access
    ) async throws(StorageFault) -> String? {
        guard case .system = access else { throw .notFound }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                "SELECT kubeconfig FROM management_cluster WHERE id = \(management)"
            )
            return try rows.first.flatMap { row throws(DatabaseFault) in try row.decode(0) }
        }
    }
}

extension ManagementClusterStore {
    /// Makes a process the one that watches a management cluster, or lets it go on doing so.
    ///
    /// - Returns: whether `holder` watches it for `duration` from now on; false while another
    ///   process does.
    package func observe(
        _ management: ManagementClusterID,
        holder: String,
        for duration: Duration
    ) async throws(StorageFault) -> Bool {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                INSERT INTO management_cluster_observer AS o (
                    management_cluster_id, holder, expires_at)
                SELECT m.id, \(holder), clock_timestamp() + \(interval: duration)
                  FROM management_cluster m
                 WHERE m.id = \(management)
                ON CONFLICT (management_cluster_id) DO UPDATE
                   SET holder = excluded.holder, expires_at = excluded.expires_at
                 WHERE o.holder = excluded.holder OR o.expires_at <= clock_timestamp()
                RETURNING true
                """
            )
            return !rows.isEmpty
        }
    }

    /// Lets another process watch a management cluster at once.
    package func stopObserving(
        _ management: ManagementClusterID,
        holder: String
    ) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                DELETE FROM management_cluster_observer
                 WHERE management_cluster_id = \(management) AND holder = \(holder)
                """
            )
        }
    }
}

/// A management cluster as it is stored.
package struct StoredManagementCluster: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package let id: ManagementClusterID
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
    /// How many clusters it holds: the text of a JSON object with a number for each kind.
    private let usage: [UInt8]

    static let columns: SQL = """
        id, name, labels, spec, status, generation, revision, created_at, updated_at,
        (SELECT coalesce(json_object_agg(kind, number), '{}')
           FROM (SELECT c.kind, count(*) AS number FROM cluster c
                  WHERE c.management_cluster_id = management_cluster.id
                  GROUP BY c.kind) held) AS usage
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
        usage = try row.next()
    }

    /// The place of the management cluster in a list of that order.
    package func position(by key: ListOrder.Key) -> ListPosition {
        ListPosition(value: key == .name ? .name(name) : .moment(createdAt), id: id.cast())
    }

    /// How many clusters of each kind it holds; kinds without any are left out.
    package func used() throws(StorageFault) -> [ClusterKind: Int] {
        [ClusterKind: Int](reading: try parsed(usage))
    }

    /// The management cluster as the domain knows it.
    package func management() throws(StorageFault) -> ManagementCluster {
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        let status = try parsed(status)
        return try reading { () throws(DocumentFault) in
            // The fault below says all that there is to say.
            guard let name = try? ManagementClusterName(parsing: name) else {
                throw DocumentFault(member: "name")
            }
            return ManagementCluster(
                id: id,
                name: name,
                labels: try Labels(reading: labels),
                spec: try ManagementClusterSpec(reading: spec),
                status: try ManagementClusterStatus(reading: status),
                generation: generation,
                revision: revision,
                createdAt: createdAt,
                updatedAt: updatedAt
            )
        }
    }
}
