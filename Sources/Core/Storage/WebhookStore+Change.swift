package import Domain
import JSON
import Postgres

extension WebhookStore {
    /// Stores a new webhook, which is sent what happens from now on.
    ///
    /// - Throws: `.notFound` where the caller may not make one for that tenant,
    ///   `.missingReference` where the tenant is gone, `.keyReused`, `.keyInProgress`.
    package func create(
        _ decision: Webhook.Decision,
        secret: String,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let webhook = decision.webhook
        switch call.access.scope(for: .manageWebhooks) {
        case .everything: break
        case .tenant(let own) where webhook.tenant?.id == own: break
        default: throw .notFound
        }
        let statement = Self.statement(for: decision, call: call)
        let result = try await database.perform(
            statement,
            changing: """
                INSERT INTO webhook (
                    id, name, labels, label_terms, tenant_id, spec, is_enabled, secret,
                    switched_at, position, generation, revision, created_at, updated_at)
                SELECT \(webhook.id), \(webhook.name), \(Document(webhook.labels.write)),
                       \(webhook.labels.terms), \(webhook.tenant?.id), \(webhook.spec.document),
                       \(webhook.spec.isEnabled), \(secret), \(webhook.createdAt), log.last,
                       \(webhook.generation), \(webhook.revision), \(webhook.createdAt),
                       \(webhook.updatedAt)
                  FROM event_log log
                 WHERE \(statement.isNew)
                RETURNING id
                """
        )
        guard case .outcome(let outcome) = result else { throw .notFound }
        return outcome
    }

    /// Stores a changed webhook where it still is at the revision that was decided on.
    ///
    /// One that is enabled is sent what happens from now on; of one that is disabled, everything
    /// that waits is given up.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: Webhook.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let webhook = decision.webhook
        let begins = webhook.status.failures == 0
        let assignments: SQL = """
            name = \(webhook.name), labels = \(Document(webhook.labels.write)),
            label_terms = \(webhook.labels.terms), spec = \(webhook.spec.document),
            position = CASE WHEN \(webhook.spec.isEnabled) AND NOT is_enabled
                            THEN (SELECT last FROM event_log) ELSE position END,
            is_enabled = \(webhook.spec.isEnabled), ban = \(webhook.status.ban?.rawValue),
            switched_at = \(webhook.status.switchedAt),
            failures = CASE WHEN \(begins) THEN 0 ELSE failures END,
            failing_since = CASE WHEN \(begins) THEN NULL ELSE failing_since END,
            paused_until = CASE WHEN \(begins) THEN NULL ELSE paused_until END,
            generation = \(webhook.generation), updated_at = \(webhook.updatedAt)
            """
        return try await perform(decision, assignments, at: revision, for: call) { transaction in
            guard !webhook.spec.isEnabled else { return }
            try await Self.giveUp(webhook.id, at: call.at, in: transaction)
        }
    }

    /// Gives the webhook a new secret; the one before signs as well until the decision says.
    ///
    /// - Throws: as `store` does.
    package func rotate(
        _ decision: Webhook.Decision,
        secret: String,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let end = decision.webhook.status.previousSecretUntil
        let assignments: SQL = """
            previous_secret = CASE WHEN \(end != nil) THEN secret END, previous_until = \(end),
            secret = \(secret), updated_at = \(decision.webhook.updatedAt)
            """
        return try await perform(decision, assignments, at: revision, for: call)
    }

    /// Tells the event that is sent to this webhook alone.
    ///
    /// - Throws: as `store` does.
    package func ping(
        _ decision: Webhook.Decision,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        try await perform(
            decision,
            "paused_until = NULL",
            at: decision.webhook.revision,
            keepsRevision: true,
            for: call
        )
    }

    /// Sends the events since that moment once more: those that did not come through, or all.
    ///
    /// - Throws: as `store` does.
    package func replay(
        _ decision: Webhook.Decision,
        since moment: Domain.Instant,
        all: Bool,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let assignments: SQL = """
            replay_until = greatest(replay_until, position), replays_all = \(all),
            position = least(position, coalesce((
                SELECT e.position - 1 FROM event e
                 WHERE e.position IS NOT NULL AND e.at >= \(moment)
                 ORDER BY e.position LIMIT 1), position)),
            paused_until = NULL
            """
        return try await perform(
            decision,
            assignments,
            at: decision.webhook.revision,
            keepsRevision: true,
            for: call
        )
    }

    /// Sends one event once more.
    ///
    /// - Throws: as `store` does; `.missingReference` where the log holds the event no longer.
    package func replay(
        _ decision: Webhook.Decision,
        delivery event: EventID,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let webhook = decision.webhook
        return try await perform(
            decision,
            "paused_until = NULL",
            at: webhook.revision,
            keepsRevision: true,
            for: call
        ) { transaction in
            let rows = try await transaction.execute(
                """
                UPDATE webhook_delivery d
                   SET state = 'waiting', attempts = 0, due_at = \(call.at), ended_at = NULL
                 WHERE d.webhook_id = \(webhook.id) AND d.event_id = \(event)
                   AND EXISTS (SELECT FROM event e WHERE e.position = d.position)
                RETURNING true
                """
            )
            guard !rows.isEmpty else { throw StorageFault.missingReference }
        }
    }

    /// Removes a webhook with its deliveries.
    ///
    /// - Throws: as `store` does.
    package func remove(
        _ decision: Webhook.Decision,
        replacing revision: Int64,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let statement = Self.statement(for: decision, call: call)
        let removal: SQL = """
            DELETE FROM webhook
             WHERE \(Self.guarding(decision.webhook, revision, statement, call)) RETURNING id
            """
        let result = try await database.perform(statement, changing: removal)
        return try await outcome(of: result, decision.webhook.id, call)
    }

    private func perform(
        _ decision: Webhook.Decision,
        _ assignments: SQL,
        at revision: Int64,
        keepsRevision: Bool = false,
        for call: Call,
        after: (Transaction) async throws -> Void = { _ in }
    ) async throws(StorageFault) -> WriteOutcome {
        let statement = Self.statement(for: decision, call: call)
        let update: SQL = """
            UPDATE webhook
               SET revision = revision + \(keepsRevision ? 0 : 1), \(assignments)
             WHERE \(Self.guarding(decision.webhook, revision, statement, call))
            RETURNING id
            """
        let result = try await database.perform(
            statement,
            changing: update,
            before: { _ in },
            after: after
        )
        return try await outcome(of: result, decision.webhook.id, call)
    }

    private func outcome(
        of result: ChangeStatement.Result,
        _ id: WebhookID,
        _ call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(id, as: call.access) else { throw .notFound }
        throw .stale(current: current.revision)
    }

    /// What of a webhook waits to be sent is given up.
    static func giveUp(
        _ webhook: WebhookID,
        at moment: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE webhook_delivery
               SET state = 'failed', due_at = NULL, ended_at = \(moment)
             WHERE webhook_id = \(webhook) AND state = 'waiting'
            """
        )
    }

    private static func guarding(
        _ webhook: Webhook,
        _ revision: Int64,
        _ statement: ChangeStatement,
        _ call: Call
    ) -> SQL {
        let scope = call.access.scope(for: .manageWebhooks)
        return """
            id = \(webhook.id) AND revision = \(revision)
            AND \(scope.condition(on: "tenant_id")) AND \(statement.isNew)
            """
    }

    private static func statement(for decision: Webhook.Decision, call: Call) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.webhook.reference,
            tenant: decision.webhook.tenant?.id,
            event: decision.event
        )
    }
}

extension WebhookSpec {
    /// The spec as it is stored.
    var document: Document {
        Document { writer in writer.object { writeMembers(to: &$0) } }
    }
}
