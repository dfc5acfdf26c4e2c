package import Domain
import Postgres

/// The objects of the clusters that the sandbox plays, and a counter of revisions for each.
///
/// A cluster's writes change its row first and so happen one after the other: whoever sees a
/// revision sees every lower one.
package struct SandboxStore: Sendable {
    /// Where writes are announced to other processes.
    package static let channel = "sandbox"

    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Where an object is found; the namespace is empty for none.
    package struct Key: Sendable, Hashable {
        /// The API group; empty for the core.
        package let group: String
        /// The kind.
        package let kind: String
        /// The namespace; empty for objects of the whole cluster.
        package let namespace: String
        /// The name.
        package let name: String

        /// The key of an object.
        package init(group: String, kind: String, namespace: String, name: String) {
            self.group = group
            self.kind = kind
            self.namespace = namespace
            self.name = name
        }
    }

    /// One object as it is kept.
    package struct Row: Sendable {
        /// Where it is found.
        package let key: Key
        /// Its incarnation.
        package let uid: String
        /// The revision at which it came to be.
        package let created: Int64
        /// The revision of its last change.
        package let revision: Int64
        /// Whether that was its end.
        package let isDeleted: Bool
        /// The object as JSON.
        package let body: [UInt8]
    }

    /// Where a cluster stands.
    package struct Head: Sendable {
        /// The cluster's name.
        package let cluster: String
        /// The newest revision.
        package let revision: Int64
        /// Up to here deletions are forgotten.
        package let compacted: Int64
    }

    /// What becomes of an object.
    package enum Change: Sendable {
        /// It comes to be.
        case create
        /// It changes, if it stands at that revision.
        case replace(expected: Int64)
        /// It ends, if it stands at that revision.
        case remove(expected: Int64)
    }

    /// One change of one object.
    package struct Write: Sendable {
        let change: Change
        let key: Key
        let uid: String
        let owners: [String]
        let body: [UInt8]

        /// A change of the object under a key, in that incarnation; `owners` are incarnations too.
        package init(
            _ change: Change,
            _ key: Key,
            uid: String,
            owners: [String],
            body: [UInt8]
        ) {
            self.change = change
            self.key = key
            self.uid = uid
            self.owners = owners
            self.body = body
        }
    }

    /// What became of a write.
    package enum Written: Sendable {
        /// It happened, under that revision.
        case at(Int64)
        /// Something else stands there, or nothing.
        case conflict
        /// There is no such cluster.
        case noCluster
    }

    /// Tells other processes that something was written.
    package func announce() {
        database.notify(channel: Self.channel)
    }

    /// Makes a cluster without objects; false where there is one of that name.
    package func makeCluster(_ name: String) async throws(StorageFault) -> Bool {
        try await translating { () async throws(DatabaseFault) in
            try await database.write(
                "INSERT INTO sandbox_cluster (name) VALUES (\(name)) ON CONFLICT (name) DO NOTHING"
            ).affected > 0
        }
    }

    /// Removes a cluster with its objects.
    package func removeCluster(_ name: String) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write("DELETE FROM sandbox_cluster WHERE name = \(name)")
        }
    }

    /// Where every cluster stands, or one of them.
    package func heads(of name: String? = nil) async throws(StorageFault) -> [Head] {
        var sql: SQL = "SELECT name, revision, compacted FROM sandbox_cluster"
        if let name { sql += " WHERE name = \(name)" }
        let asked = sql
        return try await translating { () async throws(DatabaseFault) in
            var heads: [Head] = []
            for row in try await database.read(asked) {
                heads.append(
                    Head(
                        cluster: try row.decode(0),
                        revision: try row.decode(1),
                        compacted: try row.decode(2)
                    )
                )
            }
            return heads
        }
    }

    /// The newest revision of a kind, tombstones included; 0 where there was never an object.
    package func newest(
        group: String,
        kind: String,
        in cluster: String
    ) async throws(StorageFault) -> Int64 {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT revision FROM sandbox_object
                 WHERE cluster = \(cluster) AND api_group = \(group) AND kind = \(kind)
                 ORDER BY revision DESC
                 LIMIT 1
                """
            )
            return try rows.first.map { row throws(DatabaseFault) in try row.decode(0) } ?? 0
        }
    }

    /// Drops tombstones older than that, and remembers up to where deletions are forgotten.
    package func compact(before moment: Domain.Instant) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                WITH dropped AS (
                    DELETE FROM sandbox_object WHERE is_deleted AND written_at < \(moment)
                 RETURNING cluster, revision
                ), newest AS (
                    SELECT cluster, max(revision) AS revision FROM dropped GROUP BY cluster
                )
                UPDATE sandbox_cluster
                   SET compacted = greatest(compacted, newest.revision)
                  FROM newest
                 WHERE name = newest.cluster
                """
            )
        }
    }
}
