import Domain
import Postgres

extension SandboxStore {
    /// Which objects are asked for; what is nil is not asked for.
    package struct Query: Sendable {
        /// The group and kind.
        package var kind: (group: String, kind: String)?
        /// The namespace.
        package var namespace: String?
        /// The namespace and name behind which to go on.
        package var after: (namespace: String, name: String)?
        /// An owner's uid.
        package var owner: String?
        /// The one object that is meant.
        package var key: Key?
        /// The most rows.
        package var limit: Int?

        /// Everything.
        package init() {}
    }

    /// Objects by namespace and name, and where the cluster stood; nil without cluster.
    package func list(
        _ query: Query,
        in cluster: String
    ) async throws(StorageFault) -> (head: Head, rows: [Row])? {
        try await page(
            SQL.joined(Self.conditions(query), by: " AND "),
            order: (
                "ORDER BY object.namespace, object.name", "ORDER BY found.namespace, found.name"
            ),
            limit: query.limit,
            in: cluster
        )
    }

    /// What was written after a revision, by revision, and where the cluster stood.
    package func changes(
        in cluster: String,
        after revision: Int64,
        limit: Int
    ) async throws(StorageFault) -> (head: Head, rows: [Row])? {
        try await page(
            "object.revision > \(revision)",
            order: ("ORDER BY object.revision", "ORDER BY found.revision"),
            limit: limit,
            in: cluster
        )
    }

    private static func conditions(_ query: Query) -> [SQL] {
        var conditions: [SQL] = ["NOT is_deleted"]
        if let kind = query.kind {
            conditions.append("api_group = \(kind.group) AND kind = \(kind.kind)")
        }
        if let namespace = query.namespace {
            conditions.append("namespace = \(namespace) AND namespace <> ''")
        }
        if let after = query.after {
            conditions.append("(namespace, name) > (\(after.namespace), \(after.name))")
        }
        if let owner = query.owner {
            conditions.append("owners @> ARRAY[\(owner)]::text[] AND owners <> '{}'")
        }
        if let key = query.key {
            conditions.append(
                """
                api_group = \(key.group) AND kind = \(key.kind)
                    AND namespace = \(key.namespace) AND name = \(key.name)
                """
            )
        }
        return conditions
    }

    /// One statement, and so one moment: the head is that of the rows.
    private func page(
        _ condition: SQL,
        order: (inside: SQL, outside: SQL),
        limit: Int?,
        in cluster: String
    ) async throws(StorageFault) -> (head: Head, rows: [Row])? {
        let sql: SQL = """
            SELECT home.revision, home.compacted, found.api_group, found.kind, found.namespace,
                   found.name, found.uid, found.created, found.revision, found.is_deleted,
                   found.body
              FROM sandbox_cluster home
              LEFT JOIN LATERAL (
                    SELECT * FROM sandbox_object object
                     WHERE object.cluster = home.name AND \(condition)
                     \(order.inside)
                     LIMIT \(limit)
                   ) found ON true
             WHERE home.name = \(cluster)
             \(order.outside)
            """
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(sql)
            guard let first = rows.first else { return nil }
            let head = Head(
                cluster: cluster,
                revision: try first.decode(0),
                compacted: try first.decode(1)
            )
            var found: [Row] = []
            for row in rows where try row.decode(2, as: String?.self) != nil {
                found.append(try Row(row))
            }
            return (head, found)
        }
    }

    /// Writes objects in one transaction, each under a revision of its own.
    package func write(
        _ writes: [Write],
        in cluster: String
    ) async throws(StorageFault) -> [Written] {
        let first: SQL = """
            -- Held until the end of the transaction: the next writer waits here.
            UPDATE sandbox_cluster SET revision = revision + \(writes.count)
             WHERE name = \(cluster)
            RETURNING revision
            """
        let statements = writes.enumerated().map { place, write in
            Self.statement(write, behind: writes.count - 1 - place, in: cluster)
        }
        return try await translating { () async throws(DatabaseFault) in
            let answers = try await database.write(all: [first] + statements)
            guard answers[0].first != nil else { return writes.map { _ in .noCluster } }
            var written: [Written] = []
            for answer in answers.dropFirst() {
                let revision = try answer.first.map { row throws(DatabaseFault) in
                    try row.decode(0, as: Int64.self)
                }
                written.append(revision.map { .at($0) } ?? .conflict)
            }
            return written
        }
    }

    /// One write under the revision that lies so far behind the cluster's new one; no row where
    /// something else stands there.
    private static func statement(
        _ write: Write,
        behind distance: Int,
        in cluster: String
    ) -> SQL {
        switch write.change {
        case .create:
            """
            INSERT INTO sandbox_object (cluster, api_group, kind, namespace, name, uid, created,
                                        revision, owners, body)
            SELECT home.name, \(write.key.group), \(write.key.kind), \(write.key.namespace),
                   \(write.key.name), \(write.uid), home.revision - \(distance),
                   home.revision - \(distance), \(write.owners), \(Document(write.body))
              FROM sandbox_cluster home
             WHERE home.name = \(cluster)
                ON CONFLICT (cluster, api_group, kind, namespace, name) WHERE NOT is_deleted
                   DO NOTHING
            RETURNING revision
            """
        case .replace(let expected):
            update(write, from: expected, isEnd: false, behind: distance, in: cluster)
        case .remove(let expected):
            update(write, from: expected, isEnd: true, behind: distance, in: cluster)
        }
    }

    private static func update(
        _ write: Write,
        from expected: Int64,
        isEnd: Bool,
        behind distance: Int,
        in cluster: String
    ) -> SQL {
        """
        UPDATE sandbox_object object
           SET revision = home.revision - \(distance), owners = \(write.owners),
               body = \(Document(write.body)), is_deleted = \(isEnd), written_at = now()
          FROM sandbox_cluster home
         WHERE home.name = \(cluster)
           AND object.cluster = \(cluster) AND object.uid = \(write.uid)
           AND object.api_group = \(write.key.group) AND object.kind = \(write.key.kind)
           AND object.namespace = \(write.key.namespace) AND object.name = \(write.key.name)
           AND object.revision = \(expected) AND NOT object.is_deleted
        RETURNING object.revision
        """
    }
}

extension SandboxStore.Row {
    fileprivate init(_ row: Row) throws(DatabaseFault) {
        key = SandboxStore.Key(
            group: try row.decode(2),
            kind: try row.decode(3),
            namespace: try row.decode(4),
            name: try row.decode(5)
        )
        uid = try row.decode(6)
        created = try row.decode(7)
        revision = try row.decode(8)
        isDeleted = try row.decode(9)
        body = try row.decode(10)
    }
}
