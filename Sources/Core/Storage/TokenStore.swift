package import Domain
import Postgres

/// Access tokens: their hashes and what they allow; never the secrets.
package struct TokenStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Who shows the token with that SHA-256; nil where it is unknown, revoked or expired.
    ///
    /// Judged by the database's clock, so that a token ends everywhere at once.
    package func principal(ofTokenHash hash: [UInt8]) async throws(StorageFault) -> Principal? {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT id, name, role, tenant_id, groups, expires_at, pipeline FROM access_token
                 WHERE hash = \(hash)
                   AND revoked_at IS NULL
                   AND (expires_at IS NULL OR expires_at > now())
                """
            )
            return try rows.first.map(PrincipalRow.init)
        }?.principal()
    }

    /// Notes that tokens were used, to the minute: for batches, not for each request.
    package func noteUse(
        of tokens: Set<TokenID>,
        at moment: Domain.Instant
    ) async throws(StorageFault) {
        guard !tokens.isEmpty else { return }
        let minute = Domain.Instant(
            microseconds: moment.microseconds - moment.microseconds % 60_000_000
        )
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                UPDATE access_token SET last_used_at = \(minute)
                 WHERE id = ANY (\(tokens.sorted()))
                   AND (last_used_at IS NULL OR last_used_at < \(minute))
                """
            )
        }
    }

    /// The token with that id; nil where there is none that the caller may see.
    package func find(
        _ id: TokenID,
        as access: Access
    ) async throws(StorageFault) -> StoredToken? {
        let scope = access.scope(for: .readTokens)
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                \(StoredToken.selection)
                 WHERE id = \(id) AND \(scope.condition(on: "tenant_id"))
                """
            )
            return try rows.first.map(StoredToken.init)
        }
    }

    /// The tokens that the caller may see and that pass the filters, one page of them.
    package func list(
        _ query: ListQuery,
        tenant: TenantName? = nil,
        role: Role? = nil,
        as access: Access
    ) async throws(StorageFault) -> Page<StoredToken> {
        let scope = access.scope(for: .readTokens)
        var conditions = [scope.condition(on: "tenant_id")] + query.selector.conditions
        if let tenant {
            conditions.append(
                "tenant_id = (SELECT t.id FROM tenant t WHERE t.name = \(tenant.text))"
            )
        }
        if let role { conditions.append("role = \(role.rawValue)") }
        if let start = query.continuation(names: .shared) { conditions.append(start) }
        let sql: SQL = """
            \(StoredToken.selection)
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.ending(names: .shared))
            """
        return try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit, StoredToken.init)
        }
    }
}

/// The row of a token that works.
private struct PrincipalRow {
    let token: TokenID
    let name: String
    let role: String
    let tenant: TenantID?
    let groups: [String]
    let expiresAt: Domain.Instant?
    let pipeline: [UInt8]?

    init(_ row: Row) throws(DatabaseFault) {
        token = try row.decode(0)
        name = try row.decode(1)
        role = try row.decode(2)
        tenant = try row.decode(3)
        groups = try row.decode(4)
        expiresAt = try row.decode(5)
        pipeline = try row.decode(6)
    }

    /// Nil where role and tenant do not go together.
    func principal() throws(StorageFault) -> Principal? {
        guard let role = Role(rawValue: role) else { return nil }
        var grant: PipelineGrant?
        if let pipeline {
            let document = try parsed(pipeline)
            grant = try reading { () throws(DocumentFault) in
                try PipelineGrant(reading: document)
            }
        }
        return Principal(
            token: token,
            name: name,
            role: role,
            tenant: tenant,
            groups: Set(GroupName.names(in: groups)),
            expiresAt: expiresAt,
            grant: grant
        )
    }
}

/// A token as it is stored: its labels as JSON text that can be sent out as it is.
package struct StoredToken: Sendable, Equatable {
    /// What is known of the token.
    package let token: AccessToken
    /// The text of a JSON object.
    package let labels: [UInt8]

    /// The name of the tenant comes from a look-up for each row of the page, after the limit.
    static let selection: SQL = """
        SELECT id, name, hint, role, tenant_id,
               (SELECT t.name FROM tenant t WHERE t.id = tenant_id) AS tenant_name,
               created_at, created_by, expires_at, last_used_at, revoked_at, revision, groups,
               labels
          FROM access_token
        """

    init(_ row: Row) throws(DatabaseFault) {
        let tenant = try row.decode(4, as: TenantID?.self)
        let tenantName = try row.decode(5, as: String?.self)
        token = AccessToken(
            id: try row.decode(0),
            name: try row.decode(1),
            prefix: try row.decode(2),
            role: Role(rawValue: try row.decode(3)) ?? .viewer,
            tenant: tenant.map { TenantReference(id: $0, name: tenantName ?? "") },
            groups: GroupName.names(in: try row.decode(12)),
            createdAt: try row.decode(6),
            createdBy: try row.decode(7),
            expiresAt: try row.decode(8),
            lastUsedAt: try row.decode(9),
            revokedAt: try row.decode(10),
            revision: try row.decode(11)
        )
        labels = try row.decode(13)
    }

    /// The place of the token in a list of that order.
    package func position(by key: ListOrder.Key) -> ListPosition {
        ListPosition(
            value: key == .name ? .name(token.name) : .moment(token.createdAt),
            id: token.id.cast()
        )
    }
}
