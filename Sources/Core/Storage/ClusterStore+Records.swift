package import Domain
import JSON
import Postgres

/// A cluster as the observer of its management cluster needs to know it.
package struct ClusterDigest: Sendable, Hashable {
    /// The identity.
    package let id: ClusterID
    /// What it is called on the management cluster.
    package let slug: ClusterSlug
    /// What is underneath.
    package let kind: ClusterKind
    /// Where it stands.
    package let phase: ClusterStatus.Phase
    /// Goes up with every change: what was read at this revision is still so.
    package let revision: Int64
}

extension ClusterStore {
    /// Every cluster of a management cluster, by slug.
    package func digests(
        in management: ManagementClusterID
    ) async throws(StorageFault) -> [ClusterDigest] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT id, slug, kind, phase, revision FROM cluster
                 WHERE management_cluster_id = \(management)
                 ORDER BY slug
                """
            )
            var digests: [ClusterDigest] = []
            for row in rows {
                // The table holds no kind and no phase that is none.
                guard let kind = ClusterKind(rawValue: try row.decode(2)),
                    let phase = ClusterStatus.Phase(rawValue: try row.decode(3))
                else { continue }
                digests.append(
                    ClusterDigest(
                        id: try row.decode(0),
                        slug: ClusterSlug(stored: try row.decode(1)),
                        kind: kind,
                        phase: phase,
                        revision: try row.decode(4)
                    )
                )
            }
            return digests
        }
    }

    /// The sealed kubeconfig of an adopted cluster, for the worker that is going to use it.
    package func kubeconfig(
        of cluster: ClusterID,
        as access: Access
    ) async throws(StorageFault) -> String? {
        guard case .system = access else { throw .notFound }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                "SELECT kubeconfig FROM cluster WHERE id = \(cluster)"
            )
            return try rows.first.flatMap { row throws(DatabaseFault) in try row.decode(0) }
        }
    }

    /// Writes down what was seen of a cluster, and tells what follows from it; nothing where it
    /// looks as it did.
    ///
    /// A job that waits for the cluster is released where that is news for it.
    ///
    /// - Returns: whether something changed.
    @discardableResult
    package func record(
        _ seen: ClusterObservation,
        of cluster: ClusterID
    ) async throws(StorageFault) -> Bool {
        // Most looks see what the one before saw; those lock nothing.
        guard let (known, moment) = try await look(at: cluster),
            try known.cluster().sighting(of: seen, at: moment) != nil
        else { return false }
        let tenant = known.tenant
        let (isChanged, released) = try await together(database) { transaction in
            let rows = try await transaction.execute(all: [
                "SELECT FROM tenant WHERE id = \(tenant) FOR NO KEY UPDATE",
                """
                SELECT now(), \(StoredCluster.columns) FROM cluster
                 WHERE id = \(cluster) FOR NO KEY UPDATE
                """,
            ])[1]
            guard var row = rows.first else { return (false, 0) }
            let now: Domain.Instant = try row.next()
            let current = try StoredCluster(row).cluster()
            guard let sighting = current.sighting(of: seen, at: now) else { return (false, 0) }
            try await Self.write(sighting, of: current, at: now, in: transaction)
            guard sighting.status.seen.isNews(after: current.status.seen) else { return (true, 0) }
            let release = JobQueue.release(of: current.reference)
            return (true, try await transaction.execute(release).affected)
        }
        if released > 0 { database.notify(channel: JobQueue.channel) }
        return isChanged
    }

    /// Clusters that are lost in one transaction: 200 statuses of some KiB, whose rows nobody else
    /// can change meanwhile.
    package static let lostAtOnceMax = 200

    /// Writes down that nobody can look at any cluster of a management cluster now, and why;
    /// nothing of those of which it is known.
    ///
    /// Each transaction takes the next `batch` of them: one that fails leaves the rest to the next
    /// call.
    package func lose(
        in management: ManagementClusterID,
        because reason: String,
        batch: Int = Self.lostAtOnceMax
    ) async throws(StorageFault) {
        var last: ClusterID?
        repeat {
            let start = last
            last = try await together(database) { transaction in
                try await Self.lose(batch, after: start, in: management, reason, transaction)
            }
        } while last != nil
    }

    /// The last cluster of a whole batch; nil where there are no more.
    private static func lose(
        _ batch: Int,
        after start: ClusterID?,
        in management: ManagementClusterID,
        _ reason: String,
        _ transaction: Transaction
    ) async throws -> ClusterID? {
        let rest: SQL = start.map { "id > \($0)" } ?? "true"
        let rows = try await transaction.execute(
            """
            SELECT now(), \(StoredCluster.columns) FROM cluster
             WHERE management_cluster_id = \(management)
               AND \(rest)
               AND NOT status::jsonb @> '{"conditions":[{"type":"Observed","status":"False"}]}'
             ORDER BY id
             LIMIT \(batch)
               FOR NO KEY UPDATE
            """
        )
        var lost: [ClusterID] = []
        var statuses: [String] = []
        var last: ClusterID?
        for row in rows {
            var row = row
            let now: Domain.Instant = try row.next()
            let cluster = try StoredCluster(row).cluster()
            last = cluster.id
            guard let sighting = cluster.lost(because: reason, at: now) else { continue }
            lost.append(cluster.id)
            let status = Document(sighting.status.write).bytes
            statuses.append(String(decoding: status, as: UTF8.self))
        }
        if !lost.isEmpty {
            try await transaction.execute(
                """
                UPDATE cluster
                   SET status = lost.status::json, revision = revision + 1, updated_at = now()
                  FROM unnest(\(lost), \(statuses)) AS lost (id, status)
                 WHERE cluster.id = lost.id
                """
            )
        }
        return rows.count < batch ? nil : last
    }

    /// The cluster, and the moment by the database's clock; nil where it is gone.
    private func look(
        at cluster: ClusterID
    ) async throws(StorageFault) -> (StoredCluster, Domain.Instant)? {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                "SELECT now(), \(StoredCluster.columns) FROM cluster WHERE id = \(cluster)"
            )
            guard var row = rows.first else { return nil }
            let now: Domain.Instant = try row.next()
            return (try StoredCluster(row), now)
        }
    }

    static func write(
        _ sighting: Cluster.Sighting,
        of cluster: Cluster,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        var next = cluster
        next.status = sighting.status
        try await write(next, in: transaction)
        var random = SystemRandomNumberGenerator()
        for type in sighting.events {
            let event = next.event(type, id: EventID(at: now, using: &random), at: now) { data in
                guard type == .clusterDrifted else { return }
                data.key("drift")
                data.array(next.status.seen.drift) { $0.string($1) }
            }
            try await transaction.execute(EventStore.insertion(of: event))
        }
        if next.status.phase != cluster.status.phase {
            try await summarise(cluster.tenant, in: transaction)
        }
    }

    /// Writes the status, and what the cluster counts for as it is seen; for what was taken to
    /// come of its class as long as nothing was.
    static func write(
        _ cluster: Cluster,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        let status = cluster.status
        let nodes: SQL = cluster.nodesKnown.map { "\($0)" } ?? "nodes"
        try await transaction.execute(
            """
            UPDATE cluster
               SET phase = \(status.phase.rawValue), status = \(Document(status.write)),
                   nodes = \(nodes), revision = revision + 1, updated_at = now()
             WHERE id = \(cluster.id)
            """
        )
    }
}

extension ClusterStore {
    /// The most names that are told of what uses something.
    package static let namesMax = 5

    /// Some clusters in a management cluster, as `tenant/cluster`: one more than `namesMax` where
    /// there are more.
    package func names(
        in management: ManagementClusterID
    ) async throws(StorageFault) -> [String] {
        try await names(where: "management_cluster_id = \(management)")
    }

    /// Some clusters that are made from a class, as `tenant/cluster`: one more than `namesMax`
    /// where there are more.
    package func names(of made: ClusterClassID) async throws(StorageFault) -> [String] {
        try await names(where: "cluster_class_id = \(made)")
    }

    /// The first clusters that are made from a class.
    package func made(
        from made: ClusterClassID,
        most: Int
    ) async throws(StorageFault) -> [StoredCluster] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredCluster.columns) FROM cluster
                 WHERE cluster_class_id = \(made)
                 ORDER BY id
                 LIMIT \(most)
                """
            )
            return try rows.map { row throws(DatabaseFault) in try StoredCluster(row) }
        }
    }

    private func names(where condition: SQL) async throws(StorageFault) -> [String] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT tenant_name || '/' || name AS name FROM cluster
                 WHERE \(condition)
                 ORDER BY name
                 LIMIT \(Self.namesMax + 1)
                """
            )
            var names: [String] = []
            for row in rows { names.append(try row.decode(0)) }
            return names
        }
    }
}
