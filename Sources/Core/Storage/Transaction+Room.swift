import Domain
import Postgres

extension Transaction {
    /// Makes sure that a tenant has fewer rows than `most` in a table; the tenant's row keeps two
    /// calls from taking the same last place.
    ///
    /// - Throws: `fault` where there is no room, `.missingReference` where the tenant is gone.
    func keepRoom(
        in table: StaticString,
        of tenant: TenantID,
        most: Int,
        else fault: StorageFault
    ) async throws {
        let rows = try await execute(
            """
            WITH held AS (SELECT id FROM tenant WHERE id = \(tenant) FOR NO KEY UPDATE)
            SELECT (SELECT count(*) FROM \(unsafeSQL: table.description) r
                     WHERE r.tenant_id = held.id)
              FROM held
            """
        )
        guard let row = rows.first else { throw StorageFault.missingReference }
        guard try row.decode(0, as: Int.self) < most else { throw fault }
    }

    /// The same for a table of the platform's, which is held itself: its rows are made by hand.
    func keepRoom(in table: StaticString, most: Int, else fault: StorageFault) async throws {
        let name = table.description
        let answers = try await execute(all: [
            "LOCK TABLE \(unsafeSQL: name) IN SHARE ROW EXCLUSIVE MODE",
            "SELECT count(*) FROM \(unsafeSQL: name)",
        ])
        guard try answers[1][0].decode(0, as: Int.self) < most else { throw fault }
    }

    /// The same for the platform's rows in a table that tenants have rows in as well, which is not
    /// held: others read and write it all the time.
    func keepPlatformsRoom(
        in table: StaticString,
        most: Int,
        else fault: StorageFault
    ) async throws {
        let name = table.description
        let answers = try await execute(all: [
            // Two keys: no other lock is named like it.
            "SELECT pg_advisory_xact_lock('\(unsafeSQL: name)'::regclass::oid::integer, 0)",
            "SELECT count(*) FROM \(unsafeSQL: name) WHERE tenant_id IS NULL",
        ])
        guard try answers[1][0].decode(0, as: Int.self) < most else { throw fault }
    }
}
