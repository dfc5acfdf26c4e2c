import Catalog
package import Domain
import Postgres

/// What is known of a repository that was too large when it was fetched last.
package struct RepositoryRefusal: Sendable, Equatable {
    /// Before that it is not fetched again, unless somebody asks for it.
    package let until: Domain.Instant
    /// Whether that has passed, or somebody asked.
    package let isOver: Bool
}

extension LocationStore {
    /// What is known of the repository of a copy; nil where nothing was wrong with it.
    package func refusal(
        of copy: String
    ) async throws(StorageFault) -> RepositoryRefusal? {
        try await translating { () async throws(DatabaseFault) in
            try await database.read(
                "SELECT until, until <= now() FROM catalog_refusal WHERE copy = \(copy)"
            ).first.map { row throws(DatabaseFault) in
                RepositoryRefusal(until: try row.decode(0), isOver: try row.decode(1))
            }
        }
    }

    /// Remembers that a repository has too many bytes for its copy: each time in a row for twice as
    /// long as the time before.
    package func refuse(
        _ copy: String,
        of repository: String,
        for tenant: TenantID?
    ) async throws(StorageFault) {
        let first = CatalogLocation.refusedFor
        let most = CatalogLocation.refusedForMost
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                INSERT INTO catalog_refusal AS r (copy, tenant_id, repository, count, until)
                SELECT \(copy), \(tenant), \(repository), 1, now() + \(interval: first)
                 WHERE \(tenant)::uuid IS NULL
                    OR EXISTS (SELECT FROM tenant t WHERE t.id = \(tenant))
                ON CONFLICT (copy) DO UPDATE
                   SET count = r.count + 1,
                       -- Beyond so many doublings every time is longer than the longest.
                       until = now() + least(
                            \(interval: first) * 2 ^ least(r.count, 16), \(interval: most))
                """
            )
        }
    }

    /// Forgets what was wrong with the repository of a copy.
    package func allow(_ copy: String) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write("DELETE FROM catalog_refusal WHERE copy = \(copy)")
        }
    }

    /// Forgets repositories that nobody has looked at for long; returns how many.
    package func removeOldRefusals() async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                WITH removed AS (
                    DELETE FROM catalog_refusal
                     WHERE until < now() - \(interval: CatalogLocation.copiesKept)
                    RETURNING copy
                )
                SELECT count(*) FROM removed
                """
            ).first?.decode(0) ?? 0
        }
    }

    /// The statement that has a repository fetched at the next look however large it was.
    static func asking(forRepository key: SQL) -> SQL {
        "UPDATE catalog_refusal SET until = now() WHERE repository = \(key) AND until > now()"
    }

    /// The statement that has the repositories of a location fetched at the next look, however
    /// large they were: its own, and those that its files lead to.
    static func asking(forThoseOf location: LocationID) -> SQL {
        """
        UPDATE catalog_refusal r SET until = now()
          FROM catalog_location l
         WHERE l.id = \(location) AND r.tenant_id IS NOT DISTINCT FROM l.tenant_id
           AND r.until > now()
           AND (r.repository = l.repository OR EXISTS (
                SELECT FROM catalog_file f CROSS JOIN unnest(f.links) link
                 WHERE f.location_id = l.id AND strpos(lower(link), r.repository) > 0))
        """
    }
}
