package import Domain
import JSON
import Postgres

extension TrustStore {
    /// Stores a new trust with its event, audit entry and receipt.
    ///
    /// - Throws: `.nameTaken`, `.trustsExhausted` where the tenant has as many as it may,
    ///   `.notFound` where the caller may make none, `.missingReference` where the tenant is gone,
    ///   `.keyReused`, `.keyInProgress`.
    package func create(
        _ decision: Trust.Decision,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let trust = decision.trust
        guard call.access.allows(.manageTrusts, in: trust.tenant) else { throw .notFound }
        let statement = Self.statement(for: decision, call: call)
        let result = try await database.perform(
            statement,
            changing: """
                INSERT INTO trust (
                    id, tenant_id, tenant_name, name, labels, label_terms, spec, generation,
                    revision, created_at, updated_at)
                SELECT \(trust.id), \(trust.tenant), \(trust.tenantName.text), \(trust.name.text),
                       \(Document(trust.labels.write)), \(trust.labels.terms),
                       \(Document(trust.spec.write)), \(trust.generation), \(trust.revision),
                       \(trust.createdAt), \(trust.updatedAt)
                 WHERE \(statement.isNew)
                RETURNING id
                """
        ) { transaction in
            try await transaction.keepRoom(
                in: "trust",
                of: trust.tenant,
                most: Trust.countMax,
                else: .trustsExhausted
            )
        } after: { _ in
        }
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
    }

    /// Stores a changed trust where it still is at the revision that was decided on, and revokes
    /// the tokens that it gave where the decision says so.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: Trust.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let trust = decision.trust
        let assignments: SQL = """
            UPDATE trust
               SET labels = \(Document(trust.labels.write)), label_terms = \(trust.labels.terms),
                   spec = \(Document(trust.spec.write)), generation = \(trust.generation),
                   revision = revision + 1, updated_at = \(trust.updatedAt)
            """
        return try await perform(decision, assignments, at: revision, for: call)
    }

    /// Removes a trust and revokes the tokens that it gave.
    ///
    /// - Throws: as `store` does.
    package func remove(
        _ decision: Trust.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        try await perform(decision, "DELETE FROM trust", at: revision, for: call)
    }

    private func perform(
        _ decision: Trust.Decision,
        _ change: SQL,
        at revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let trust = decision.trust
        let statement = Self.statement(for: decision, call: call)
        let scope = call.access.scope(for: .manageTrusts)
        let result = try await database.perform(
            statement,
            changing: """
                \(change)
                 WHERE id = \(trust.id) AND revision = \(revision)
                   AND \(scope.condition(on: "tenant_id")) AND \(statement.isNew)
                RETURNING id
                """,
            before: { _ in },
            after: { transaction in
                guard decision.revokes else { return }
                try await transaction.execute(
                    """
                    UPDATE access_token SET revoked_at = \(call.at), revision = revision + 1
                     WHERE trust_id = \(trust.id) AND revoked_at IS NULL
                    """
                )
            }
        )
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(trust.id, as: call.access) else { throw .notFound }
        throw .stale(current: current.revision)
    }

    private static func statement(for decision: Trust.Decision, call: Call) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.trust.reference,
            tenant: decision.trust.tenant,
            event: decision.event
        )
    }
}

/// A token of an issuer on its way to becoming one of Slipway's.
package struct TokenExchange: Sendable {
    /// The trust that takes it, as it was read.
    package var trust: Trust
    /// What the new token may do.
    package var grant: PipelineGrant
    /// What makes the issuer's token the same one: SHA-256 of issuer and `jti`.
    package var digest: [UInt8]
    /// When the issuer's token ends.
    package var digestEndsAt: Domain.Instant

    /// That token, taken by that trust.
    package init(
        trust: Trust,
        grant: PipelineGrant,
        digest: [UInt8],
        digestEndsAt: Domain.Instant
    ) {
        self.trust = trust
        self.grant = grant
        self.digest = digest
        self.digestEndsAt = digestEndsAt
    }
}

extension TokenStore {
    /// Stores the token of a pipeline, and that the issuer's token has been used.
    ///
    /// - Throws: `.alreadyExchanged`, `.tokensExhausted` where the trust has as many as it may,
    ///   `.stale` where the trust changed meanwhile.
    package func exchange(
        _ exchange: TokenExchange,
        for token: AccessToken,
        hash: [UInt8],
        event: EventID,
        on call: Call
    ) async throws(StorageFault) {
        let trust = exchange.trust
        let statement = Self.statement(for: token, .tokenCreated, event: event, call: call)
        _ = try await database.perform(
            statement,
            changing: Self.insertion(of: token, hash: hash, for: exchange.grant, where: "true")
        ) { transaction in
            // Held until the end, so that no change of the trust overlooks this token.
            let found = try await transaction.execute(
                "SELECT generation FROM trust WHERE id = \(trust.id) FOR NO KEY UPDATE"
            )
            guard let row = found.first, try row.decode(0) == trust.generation else {
                throw StorageFault.stale(current: 0)
            }
            let living = try await transaction.execute(
                """
                SELECT count(*) FROM access_token
                 WHERE trust_id = \(trust.id) AND expires_at > \(call.at) AND revoked_at IS NULL
                """
            )
            guard try living.first?.decode(0, as: Int64.self) ?? 0 < Int64(Trust.tokensMax) else {
                throw StorageFault.tokensExhausted
            }
            let used = try await transaction.execute(
                """
                INSERT INTO exchanged_token (digest, expires_at)
                VALUES (\(exchange.digest), \(exchange.digestEndsAt))
                ON CONFLICT DO NOTHING
                RETURNING true
                """
            )
            guard !used.isEmpty else { throw StorageFault.alreadyExchanged }
        } after: { transaction in
            try await transaction.execute(
                "UPDATE trust SET used_at = \(call.at) WHERE id = \(trust.id)"
            )
        }
    }

    /// Forgets tokens of pipelines a day after they ended, and issuers' tokens that ended: at most
    /// `batch` of each.
    ///
    /// - Returns: how many rows were removed.
    package func removeOld(batch: Int) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                WITH tokens AS (
                    DELETE FROM access_token
                     WHERE id IN (
                        SELECT id FROM access_token
                         WHERE trust_id IS NOT NULL
                           AND expires_at < now() - \(interval: Self.keepEnded)
                         LIMIT \(batch))
                    RETURNING true
                ), exchanged AS (
                    DELETE FROM exchanged_token
                     WHERE digest IN (
                        SELECT digest FROM exchanged_token WHERE expires_at < now()
                         LIMIT \(batch))
                    RETURNING true
                )
                SELECT (SELECT count(*) FROM tokens) + (SELECT count(*) FROM exchanged)
                """
            )
            return try rows.first?.decode(0) ?? 0
        }
    }

    /// How long the tokens of pipelines are kept after their end: a day.
    private static let keepEnded = Duration.seconds(86_400)
}
