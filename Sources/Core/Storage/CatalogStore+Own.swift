import Catalog
package import Domain
import JSON
import Postgres
import Secrets

extension CatalogStore {
    /// Events that are followed in one transaction.
    package static let followedMax = 500
    /// The kinds of objects that have entities.
    private static let kinds: [ObjectReference.Kind] = [.tenant, .environment, .cluster, .service]

    /// Brings the entities of Slipway's own objects up to date with the event log: the next events
    /// in their order, and how far that is in the same transaction.
    ///
    /// Whichever events are followed, each object is looked at as it is now, so that following some
    /// of them again changes nothing. Of several processes one follows at a time. What a program
    /// followed that knows fewer kinds is followed again.
    ///
    /// - Returns: how many events; as many as `followedMax` means that there may be more.
    package func follow(at moment: Domain.Instant) async throws(StorageFault) -> Int {
        try await together(database) { transaction in
            let held = try await transaction.execute(
                """
                SELECT f.followed, l.last, l.trimmed,
                       f.kinds @> \(Self.kinds.map(\.rawValue)) AS all_kinds
                  FROM catalog_follower f CROSS JOIN event_log l
                   FOR UPDATE OF f SKIP LOCKED
                """
            )
            guard let row = held.first else { return 0 }
            let last: Int64 = try row.decode(1)
            guard try row.decode(3, as: Bool.self),
                let position: Int64 = try row.decode(0, as: Int64?.self),
                position >= (try row.decode(2, as: Int64.self)), position <= last
            else {
                try await Self.lookAtAll(at: moment, in: transaction)
                try await Self.keep(last, in: transaction)
                return Self.followedMax
            }
            guard position < last else { return 0 }
            let events = try await transaction.execute(
                """
                SELECT position, subject_kind, subject_name FROM event
                 WHERE position > \(position) ORDER BY position
                 LIMIT \(unsafeSQL: String(Self.followedMax))
                """
            )
            var subjects: [ObjectReference] = []
            var end = position
            for event in events {
                end = try event.decode(0)
                let kind: String = try event.decode(1)
                guard let kind = ObjectReference.Kind(rawValue: kind) else { continue }
                let told = ObjectReference(kind: kind, id: nil, name: try event.decode(2))
                guard let subject = OwnObject.shown(at: told), !subjects.contains(subject) else {
                    continue
                }
                subjects.append(subject)
            }
            try await Self.look(at: subjects, at: moment, in: transaction)
            try await Self.keep(end, in: transaction)
            return events.count
        }
    }

    private static func keep(
        _ position: Int64,
        in transaction: Transaction
    ) async throws(DatabaseFault) {
        try await transaction.execute(
            """
            UPDATE catalog_follower
               SET kinds = \(kinds.map(\.rawValue)), followed = \(position),
                   -- Programs from before `followed` look at nothing that is done.
                   position = \(position)
            """
        )
    }

    /// Looks at every object, and at every entity whose object may be gone.
    private static func lookAtAll(
        at moment: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT 'tenant', name FROM tenant
             UNION ALL
            SELECT 'environment', tenant_name || '/' || name FROM environment
             UNION ALL
            SELECT 'cluster', tenant_name || '/' || name FROM cluster
             UNION ALL
            SELECT 'service', tenant_name || '/' || name FROM service_instance
            """
        )
        var subjects: [ObjectReference] = []
        for row in rows {
            let kind: String = try row.decode(0)
            guard let kind = ObjectReference.Kind(rawValue: kind) else { continue }
            subjects.append(ObjectReference(kind: kind, id: nil, name: try row.decode(1)))
        }
        let places = subjects.map { OwnObject.hold(of: $0).file }
        try await transaction.execute(
            """
            DELETE FROM catalog_entity
             WHERE location LIKE 'slipway:/v1/tenants/%' AND location <> ALL (\(places))
            """
        )
        for start in stride(from: 0, to: subjects.count, by: followedMax) {
            let some = Array(subjects[start..<min(start + followedMax, subjects.count)])
            try await look(at: some, at: moment, in: transaction)
        }
    }

    private static func look(
        at subjects: [ObjectReference],
        at moment: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        guard !subjects.isEmpty else { return }
        let (objects, tenants) = try await objects(named: subjects, in: transaction)
        let there = Set(objects.map { OwnObject.hold(of: $0.reference).file })
        let gone = subjects.map { OwnObject.hold(of: $0).file }.filter { !there.contains($0) }
        try await transaction.execute(
            "DELETE FROM catalog_entity WHERE location = ANY (\(gone))"
        )
        let wanted = objects.flatMap { object in object.entities.map { (object, $0) } }
        let rows = try await transaction.execute(
            """
            SELECT ref, id, location, revision, created_at, document FROM catalog_entity
             WHERE ref = ANY (\(wanted.map(\.1.reference.description)))
               FOR NO KEY UPDATE
            """
        )
        var known: [String: Row] = [:]
        for row in rows { known[try row.decode(0)] = row }
        var batch = EntityBatch(from: nil)
        var random = SecureRandom()
        for (object, entity) in wanted {
            let hold = OwnObject.hold(of: object.reference)
            let before = known[entity.reference.description]
            if let before {
                // What somebody wrote under the name stays.
                guard try before.decode(2, as: String?.self) == hold.file else { continue }
                let document = JSON.object(entity.document).serialized()
                guard try before.decode(5, as: [UInt8].self) != document else { continue }
            }
            batch.add(
                CatalogEntity(
                    id: try before?.decode(1) ?? EntityID(at: moment, using: &random),
                    entity: entity,
                    tenant: tenants[object.tenant],
                    hold: hold,
                    revision: (try before?.decode(3) ?? 0) + 1,
                    createdAt: try before?.decode(4) ?? moment,
                    updatedAt: moment
                )
            )
        }
        try await batch.write(in: transaction)
    }

    /// The objects that are there now, and their tenants by name.
    private static func objects(
        named subjects: [ObjectReference],
        in transaction: Transaction
    ) async throws(DatabaseFault) -> ([OwnObject], [String: TenantReference]) {
        func names(_ kind: ObjectReference.Kind) -> [String] {
            subjects.filter { $0.kind == kind }.map(\.name)
        }
        let owners = subjects.map { String($0.name.prefix { $0 != "/" }) }
        let parts: SQL = """
            (name, tenant, own) JOIN tenant t ON t.name = n.tenant
            """
        func named(_ kind: ObjectReference.Kind) -> SQL {
            """
            (SELECT m, split_part(m, '/', 1), split_part(m, '/', 2)
               FROM unnest(\(names(kind))) u (m)) n \(parts)
            """
        }
        let answers = try await transaction.execute(all: [
            "SELECT id, name, spec ->> 'displayName' FROM tenant WHERE name = ANY (\(owners))",
            """
            SELECT e.name, t.name, e.type, e.service, e.cluster
              FROM \(named(.environment))
              JOIN environment e ON e.tenant_id = t.id AND e.name = n.own
            """,
            """
            SELECT c.name, t.name, c.kind
              FROM \(named(.cluster)) JOIN cluster c ON c.tenant_id = t.id AND c.name = n.own
            """,
            "SELECT \(OwnService.columns) FROM \(named(.service)) \(OwnService.join)",
        ])
        var objects: [OwnObject] = []
        var tenants: [String: TenantReference] = [:]
        let wanted = Set(names(.tenant))
        for row in answers[0] {
            let name: String = try row.decode(1)
            tenants[name] = TenantReference(id: try row.decode(0), name: name)
            guard wanted.contains(name) else { continue }
            objects.append(.tenant(name: name, displayName: try row.decode(2)))
        }
        objects += try answers[1].map { row throws(DatabaseFault) in
            .environment(
                name: try row.decode(0),
                tenant: try row.decode(1),
                type: try row.decode(2),
                service: try row.decode(3),
                cluster: try row.decode(4)
            )
        }
        objects += try answers[2].map { row throws(DatabaseFault) in
            .cluster(name: try row.decode(0), tenant: try row.decode(1), kind: try row.decode(2))
        }
        objects += try answers[3].map { row throws(DatabaseFault) in
            .service(try OwnService(row))
        }
        return (objects, tenants)
    }
}

extension OwnService {
    fileprivate static let columns: SQL = """
        s.name, t.name, s.offering, s.spec -> 'offering' ->> 'version', s.spec ->> 'plan',
        coalesce(s.status ->> 'cluster', s.cluster),
        ARRAY(SELECT s.environment WHERE s.environment IS NOT NULL
               UNION
              SELECT b.environment FROM service_binding b
               WHERE b.service_id = s.id AND b.environment IS NOT NULL
               ORDER BY 1)
        """
    fileprivate static let join: SQL = """
        JOIN service_instance s ON s.tenant_id = t.id AND s.name = n.own
        """

    fileprivate init(_ row: Row) throws(DatabaseFault) {
        self.init(
            name: try row.decode(0),
            tenant: try row.decode(1),
            offering: try row.decode(2),
            version: try row.decode(3),
            plan: try row.decode(4),
            cluster: try row.decode(5),
            consumers: try row.decode(6)
        )
    }
}
