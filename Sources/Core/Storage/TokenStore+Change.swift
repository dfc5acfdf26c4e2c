package import Domain
import JSON
import Postgres

extension TokenStore {
    /// Stores a new token by the SHA-256 of its secret, with event, audit entry and receipt.
    ///
    /// - Throws: `.notFound` where the caller may not give such a token, `.missingReference`
    ///   where the tenant is gone, `.keyReused`, `.keyInProgress`.
    package func create(
        _ token: AccessToken,
        hash: [UInt8],
        event: EventID,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        guard Self.mayChange(token, as: call.access) else { throw .notFound }
        let statement = Self.statement(for: token, .tokenCreated, event: event, call: call)
        let result = try await database.perform(
            statement,
            changing: Self.insertion(of: token, hash: hash, where: statement.isNew)
        )
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
    }

    /// Ends a token at once; one that is revoked already stays as it is.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func revoke(
        _ token: AccessToken,
        replacing revision: Int64,
        event: EventID,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: .manageTokens)
        let statement = Self.statement(for: token, .tokenRevoked, event: event, call: call)
        let revocation: SQL = """
            UPDATE access_token
               SET revoked_at = \(call.at), revision = revision + 1
             WHERE id = \(token.id)
               AND revision = \(revision)
               AND revoked_at IS NULL
               AND \(scope.condition(on: "tenant_id"))
               AND \(statement.isNew)
            RETURNING id
            """
        let result = try await database.perform(statement, changing: revocation)
        if case .outcome(let outcome) = result { return outcome }
        guard case .tenant = scope, !call.access.allows(.manageTokens) else {
            guard let current = try await find(token.id, as: call.access) else { throw .notFound }
            throw .stale(current: current.token.revision)
        }
        throw .notFound
    }

    /// Stores the first administrator's token, unless a platform administrator can already call.
    ///
    /// - Returns: whether it was stored.
    package func bootstrap(
        _ token: AccessToken,
        hash: [UInt8],
        event: EventID,
        for call: Call
    ) async throws(StorageFault) -> Bool {
        let statement = Self.statement(for: token, .tokenCreated, event: event, call: call)
        let condition: SQL = """
            NOT EXISTS (
                SELECT FROM access_token
                 WHERE role = \(Role.platformAdmin.rawValue)
                   AND revoked_at IS NULL
                   AND (expires_at IS NULL OR expires_at > \(call.at)))
            """
        let result = try await database.perform(
            statement,
            changing: Self.insertion(of: token, hash: hash, where: condition)
        )
        guard case .outcome(.written) = result else { return false }
        return true
    }

    /// Nobody gives away more than they have: people of a tenant stay within it.
    private static func mayChange(_ token: AccessToken, as access: Access) -> Bool {
        switch access.scope(for: .manageTokens) {
        case .everything: true
        case .tenant(let tenant): token.tenant?.id == tenant && token.role.isTenantRole
        case .nothing: false
        }
    }

    static func statement(
        for token: AccessToken,
        _ type: EventType,
        event: EventID,
        call: Call
    ) -> ChangeStatement {
        let object = ObjectReference.token(token.id, name: token.name)
        let data = Document { writer in
            writer.object { writer in
                writer.member("id", token.id.description)
                writer.member("name", token.name)
                writer.member("role", token.role.rawValue)
            }
        }
        return ChangeStatement(
            call: call,
            object: object,
            tenant: token.tenant?.id,
            event: Event(
                id: event,
                type: type,
                subject: object,
                tenant: token.tenant?.id,
                at: call.at,
                data: data.bytes
            )
        )
    }

    static func insertion(
        of token: AccessToken,
        hash: [UInt8],
        for grant: PipelineGrant? = nil,
        where condition: SQL
    ) -> SQL {
        """
        INSERT INTO access_token (
            id, hash, hint, name, labels, label_terms, role, tenant_id, groups, created_at,
            created_by, expires_at, revision, trust_id, pipeline)
        SELECT \(token.id), \(hash), \(token.prefix), \(token.name),
               \(Document(token.labels.write)), \(token.labels.terms), \(token.role.rawValue),
               \(token.tenant?.id), \(token.groups.map(\.text)), \(token.createdAt),
               \(token.createdBy), \(token.expiresAt), \(token.revision), \(grant?.trust),
               \(grant.map { Document($0.write) })
         WHERE \(condition)
        RETURNING id
        """
    }
}
