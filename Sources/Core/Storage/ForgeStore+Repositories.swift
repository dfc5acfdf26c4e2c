package import Domain
import Postgres

/// A forge with its secrets, as they are stored.
package struct ForgeAccess: Sendable {
    /// The forge.
    package let forge: Forge
    /// Sealed; nil where it has none.
    package let token: String?
    /// Sealed; nil where it has none.
    package let key: String?
}

/// With what a cluster reads its tenant's repository on a forge.
package struct ForgeReader: Sendable, Equatable {
    /// The identity.
    package let id: TokenID
    /// What the forge calls it; nil until the forge has it.
    package var remoteID: String?
    /// The name to say along with it.
    package var username: String
    /// Sealed.
    package var credential: String

    /// A credential of these parts.
    package init(id: TokenID, remoteID: String?, username: String, credential: String) {
        self.id = id
        self.remoteID = remoteID
        self.username = username
        self.credential = credential
    }
}

extension ForgeStore {
    /// The forge of that name with its secrets; nil where there is none.
    package func access(_ name: ForgeName) async throws(StorageFault) -> ForgeAccess? {
        guard let forge = try await find(name, as: .system) else { return nil }
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                "SELECT token, ssh_key FROM forge WHERE id = \(forge.id)"
            )
            guard let row = rows.first else { return nil }
            return ForgeAccess(forge: forge, token: try row.decode(0), key: try row.decode(1))
        }
    }

    /// How many tenants have their repository on the forge.
    package func tenants(on forge: ForgeID) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                "SELECT count(*) FROM tenant WHERE forge_id = \(forge)"
            )
            return try rows[0].decode(0)
        }
    }

    /// Whether the repository of that path, in whatever case, is kept on the forge for a tenant.
    package func keeps(_ path: String, on forge: ForgeID) async throws(StorageFault) -> Bool {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT count(*) FROM tenant
                 WHERE forge_id = \(forge)
                   AND lower(spec #>> '{repository,owner}') || '/'
                    || lower(spec #>> '{repository,name}') = \(path.lowercased())
                """
            )
            return try rows[0].decode(0, as: Int.self) > 0
        }
    }

    /// The tenant whose repository on a forge clusters read at that address.
    package func tenant(readAt url: String) async throws(StorageFault) -> TenantName? {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT name FROM tenant
                 WHERE forge_id IS NOT NULL AND repository ->> 'readUrl' = \(url)
                """
            )
            guard let text: String = try rows.first?.decode(0) else { return nil }
            return try? TenantName(parsing: text)  // It was checked when it was stored.
        }
    }

    /// What is known of a tenant's repository.
    package func hosted(_ tenant: TenantID) async throws(StorageFault) -> HostedRepository {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                "SELECT remote_id, root FROM forge_repository WHERE tenant_id = \(tenant)"
            )
            guard let row = rows.first else { return HostedRepository() }
            return HostedRepository(remoteID: try row.decode(0), root: try row.decode(1))
        }
    }

    /// Keeps what the forge calls a tenant's repository, and the commit that was pushed first.
    package func keep(
        _ hosted: HostedRepository,
        of tenant: TenantID
    ) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                INSERT INTO forge_repository (tenant_id, remote_id, root)
                VALUES (\(tenant), \(hosted.remoteID), \(hosted.root))
                ON CONFLICT (tenant_id) DO UPDATE
                   SET remote_id = excluded.remote_id,
                       -- What was pushed first stays so.
                       root = coalesce(forge_repository.root, excluded.root)
                """
            )
        }
    }

    /// Forgets a tenant's repository, which is none of Slipway's business any more.
    package func forget(_ tenant: TenantID) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                WITH readers AS (DELETE FROM forge_reader WHERE tenant_id = \(tenant))
                DELETE FROM forge_repository WHERE tenant_id = \(tenant)
                """
            )
        }
    }

    /// With what the cluster reads; nil where it has nothing.
    package func reader(
        of cluster: ClusterSlug,
        _ tenant: TenantID
    ) async throws(StorageFault) -> ForgeReader? {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                SELECT id, remote_id, username, credential FROM forge_reader
                 WHERE tenant_id = \(tenant) AND cluster = \(cluster.description)
                """
            )
            guard let row = rows.first else { return nil }
            return ForgeReader(
                id: try row.decode(0),
                remoteID: try row.decode(1),
                username: try row.decode(2),
                credential: try row.decode(3)
            )
        }
    }

    /// Keeps with what a cluster reads, in the place of what it had.
    package func keep(
        _ reader: ForgeReader,
        of cluster: ClusterSlug,
        _ tenant: TenantID
    ) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                INSERT INTO forge_reader (
                    id, tenant_id, cluster, remote_id, username, credential)
                VALUES (
                    \(reader.id), \(tenant), \(cluster.description), \(reader.remoteID),
                    \(reader.username), \(reader.credential))
                ON CONFLICT (tenant_id, cluster) DO UPDATE
                   SET id = excluded.id, remote_id = excluded.remote_id,
                       username = excluded.username, credential = excluded.credential
                """
            )
        }
    }

    /// Forgets with what a cluster read.
    package func forgetReader(
        of cluster: ClusterSlug,
        _ tenant: TenantID
    ) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                DELETE FROM forge_reader
                 WHERE tenant_id = \(tenant) AND cluster = \(cluster.description)
                """
            )
        }
    }
}
