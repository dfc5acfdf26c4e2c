package import Catalog
package import Domain
import JSON
import Postgres

/// A tenant whose repository is no location yet.
package struct UndiscoveredTenant: Sendable {
    /// The tenant.
    package let tenant: TenantReference
    /// Where its repository is on a forge; nil for this server.
    package let webURL: String?
    /// The branch that counts.
    package let branch: String
}

extension LocationStore {
    /// Locations that are given a job at once, and tenants that are looked at at once.
    package static let upkeepMax = 100

    /// Gives a job to each location whose time has come and that has none.
    ///
    /// - Returns: how many; as many as `upkeepMax` means that there may be more.
    package func orderDue() async throws(StorageFault) -> Int {
        let interval = CatalogLocation.interval
        let count = try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH due AS (
                    SELECT l.id, l.tenant_id FROM catalog_location l
                     WHERE l.due_at <= now()
                       AND NOT EXISTS (SELECT FROM job j WHERE j.lane = 'location/' || l.id)
                     ORDER BY l.due_at, l.id LIMIT \(unsafeSQL: String(Self.upkeepMax))
                       FOR UPDATE OF l SKIP LOCKED
                ), moved AS (
                    UPDATE catalog_location l
                       SET due_at = now() + \(interval: interval) * (1 + random() / 10)
                      FROM due WHERE l.id = due.id
                ), queued AS (
                    INSERT INTO job (
                        id, kind, tenant_id, subject_kind, subject_id, subject_name, lane,
                        requested_by)
                    SELECT (lpad(to_hex(
                                (extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
                            || '7' || substr(gen_random_uuid()::text, 16))::uuid,
                           \(JobKind.locationRefresh.description), due.tenant_id, 'location',
                           due.id, due.id::text, 'location/' || due.id, 'schedule'
                      FROM due
                )
                SELECT count(*) FROM due
                """
            )
            return try rows.first?.decode(0, as: Int.self) ?? 0
        }
        if count > 0 { database.notify(channel: JobQueue.channel) }
        return count
    }

    /// The statement that makes the locations of a repository due.
    static func touching(_ key: SQL) -> SQL {
        """
        UPDATE catalog_location SET due_at = least(due_at, now())
         WHERE id IN (SELECT l.id FROM catalog_location l WHERE l.repository = \(key)
                       UNION
                      SELECT f.location_id FROM catalog_file f WHERE f.repository = \(key))
        """
    }

    /// Has a location looked at soon; where the caller may write it, its repositories are fetched
    /// then however large they were.
    package func touch(
        _ location: LocationID,
        as access: Access
    ) async throws(StorageFault) {
        let scope = access.scope(for: .readCatalog)
        let own = access.scope(for: .writeCatalog)
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                WITH asked AS (
                    -- Who may only read it shall not have it fetched again and again.
                    \(Self.asking(forThoseOf: location)) AND \(own.condition(on: "l.tenant_id"))
                )
                UPDATE catalog_location SET due_at = least(due_at, now())
                 WHERE id = \(location) AND \(scope.orPlatform(on: "tenant_id"))
                """
            )
        }
    }

    /// The tenants whose repositories are there and are no locations yet, some of them.
    package func undiscovered() async throws(StorageFault) -> [UndiscoveredTenant] {
        let found = try await translating { () async throws(DatabaseFault) in
            try await database.read(
                """
                SELECT t.id, t.name, t.repository FROM tenant t
                 WHERE t.repository IS NOT NULL AND t.phase NOT IN ('pending', 'deleting')
                   AND NOT EXISTS (
                    SELECT FROM catalog_location l WHERE l.tenant_id = t.id AND l.is_discovered)
                 LIMIT \(unsafeSQL: String(Self.upkeepMax))
                """
            ).map { row throws(DatabaseFault) in
                (
                    TenantReference(id: try row.decode(0), name: try row.decode(1)),
                    try row.decode(2, as: [UInt8].self)
                )
            }
        }
        var tenants: [UndiscoveredTenant] = []
        for (tenant, document) in found {
            let document = try parsed(document)
            let repository = try reading { () throws(DocumentFault) in
                try TenantRepository(reading: document)
            }
            tenants.append(
                UndiscoveredTenant(
                    tenant: tenant,
                    webURL: repository.address?.webURL,
                    branch: repository.branch
                )
            )
        }
        return tenants
    }

    /// Stores a location that Slipway found; nothing where it is there, or its tenant is gone.
    package func discover(_ location: CatalogLocation) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                \(Self.insertion) SELECT \(Self.values(of: location, dueNow: true))
                 WHERE EXISTS (SELECT FROM tenant t WHERE t.id = \(location.tenant?.id))
                -- One that somebody registered is the one that was found.
                ON CONFLICT (tenant_id, target) DO UPDATE SET is_discovered = true
                """
            )
        }
    }

    /// Removes entities that nothing has led to for long.
    ///
    /// - Returns: how many; as many as `batch` means that there may be more.
    package func removeOrphans(batch: Int) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH old AS (
                    SELECT id FROM catalog_entity
                     WHERE orphaned_at < now() - \(interval: CatalogLocation.orphansKept)
                     ORDER BY orphaned_at LIMIT \(batch)
                       FOR UPDATE SKIP LOCKED
                ), removed AS (
                    DELETE FROM catalog_entity e USING old WHERE e.id = old.id RETURNING e.id
                )
                SELECT count(*) FROM removed
                """
            )
            return try rows.first?.decode(0, as: Int.self) ?? 0
        }
    }
}
