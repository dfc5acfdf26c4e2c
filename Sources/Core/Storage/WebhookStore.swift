package import Domain
import JSON
import Postgres

/// Webhooks, and what became of their deliveries.
package struct WebhookStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The webhook with that id; nil where there is none that the caller may see.
    package func find(_ id: WebhookID, as access: Access) async throws(StorageFault) -> Webhook? {
        let scope = access.scope(for: .manageWebhooks)
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(StoredWebhook.columns) FROM webhook
                 WHERE id = \(id) AND \(scope.condition(on: "tenant_id"))
                """
            )
            return try rows.first.map(StoredWebhook.init)
        }?.webhook()
    }

    /// The webhooks that the caller may see and that pass the filters, one page of them.
    package func list(
        _ query: ListQuery,
        tenant: TenantName? = nil,
        as access: Access
    ) async throws(StorageFault) -> Page<Webhook> {
        let scope = access.scope(for: .manageWebhooks)
        var conditions = [scope.condition(on: "tenant_id")] + query.selector.conditions
        if let tenant {
            conditions.append(
                "tenant_id = (SELECT t.id FROM tenant t WHERE t.name = \(tenant.text))"
            )
        }
        if let start = query.continuation(names: .shared) { conditions.append(start) }
        let sql: SQL = """
            SELECT \(StoredWebhook.columns) FROM webhook
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(query.ending(names: .shared))
            """
        let page = try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit, StoredWebhook.init)
        }
        var items: [Webhook] = []
        for stored in page.items { items.append(try stored.webhook()) }
        return Page(items: items, hasMore: page.hasMore)
    }

    /// How many webhooks a tenant has, or the platform.
    package func count(of tenant: TenantID?) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                "SELECT count(*) FROM webhook WHERE tenant_id IS NOT DISTINCT FROM \(tenant)"
            )
            return try rows.first?.decode(0) ?? 0
        }
    }

    /// The delivery of one event; nil where there is none that the caller may see.
    package func delivery(
        of event: EventID,
        to webhook: WebhookID,
        as access: Access
    ) async throws(StorageFault) -> WebhookDelivery? {
        let page = try await deliveries(
            DeliveryQuery(webhook: webhook, event: event, limit: 1),
            as: access
        )
        return page.items.first
    }

    /// The deliveries of a webhook, the newest event first, one page of them.
    package func deliveries(
        _ query: DeliveryQuery,
        as access: Access
    ) async throws(StorageFault) -> Page<WebhookDelivery> {
        let scope = access.scope(for: .manageWebhooks)
        var conditions: [SQL] = ["d.webhook_id = \(query.webhook)"]
        if let event = query.event { conditions.append("d.event_id = \(event)") }
        if let state = query.state { conditions.append("d.state = \(state.rawValue)") }
        if let before = query.before { conditions.append("d.position < \(before)") }
        let sql: SQL = """
            SELECT \(StoredDelivery.columns) FROM webhook_delivery d
             WHERE \(SQL.joined(conditions, by: " AND "))
               AND EXISTS (
                SELECT FROM webhook w
                 WHERE w.id = d.webhook_id AND \(scope.condition(on: "w.tenant_id")))
             ORDER BY d.position DESC LIMIT \(rows: query.limit + 1)
            """
        let page = try await translating { () async throws(DatabaseFault) in
            try Page(try await database.read(sql), limit: query.limit, StoredDelivery.init)
        }
        var items: [WebhookDelivery] = []
        for stored in page.items { items.append(try stored.delivery()) }
        return Page(items: items, hasMore: page.hasMore)
    }
}

/// Which deliveries are asked for.
package struct DeliveryQuery: Sendable, Hashable {
    /// Whose they are.
    package var webhook: WebhookID
    /// Only that of this event.
    package var event: EventID?
    /// Only those in this state.
    package var state: WebhookDelivery.State?
    /// Only those of events before this position.
    package var before: Int64?
    /// How many at most.
    package var limit: Int

    /// A question; all deliveries unless said otherwise.
    package init(
        webhook: WebhookID,
        event: EventID? = nil,
        state: WebhookDelivery.State? = nil,
        before: Int64? = nil,
        limit: Int
    ) {
        self.webhook = webhook
        self.event = event
        self.state = state
        self.before = before
        self.limit = limit
    }
}

/// A webhook as it is stored, its documents not read yet.
struct StoredWebhook: Sendable {
    private let base: Webhook
    private let labels: [UInt8]
    private let spec: [UInt8]

    /// The name of the tenant and the number that waits come from a look-up for each row.
    static let columns: SQL = """
        id, name, labels, tenant_id,
        (SELECT t.name FROM tenant t WHERE t.id = tenant_id) AS tenant_name, spec, ban,
        switched_at, failing_since, failures, delivered_at, previous_until,
        (SELECT count(*) FROM webhook_delivery d
          WHERE d.webhook_id = webhook.id AND d.state = 'waiting') AS waiting,
        generation, revision, created_at, updated_at
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        let id: WebhookID = try row.next()
        let name: String = try row.next()
        labels = try row.next()
        let tenant: TenantID? = try row.next()
        let tenantName: String? = try row.next()
        spec = try row.next()
        let ban: String? = try row.next()
        var status = WebhookStatus(since: try row.next())
        status.ban = ban.flatMap(WebhookStatus.Ban.init(rawValue:))
        status.failingSince = try row.next()
        status.failures = try row.next()
        status.deliveredAt = try row.next()
        status.previousSecretUntil = try row.next()
        status.waiting = try row.next()
        base = Webhook(
            id: id,
            name: name,
            labels: Labels(),
            tenant: tenant.map { TenantReference(id: $0, name: tenantName ?? "") },
            spec: WebhookSpec(url: "", events: []),
            status: status,
            generation: try row.next(),
            revision: try row.next(),
            createdAt: try row.next(),
            updatedAt: try row.next()
        )
    }

    func webhook() throws(StorageFault) -> Webhook {
        var webhook = base
        let labels = try parsed(labels)
        let spec = try parsed(spec)
        webhook.labels = try reading { () throws(DocumentFault) in try Labels(reading: labels) }
        webhook.spec = try reading { () throws(DocumentFault) in try WebhookSpec(reading: spec) }
        return webhook
    }
}

/// A delivery as it is stored, its log not read yet.
struct StoredDelivery: Sendable {
    private let base: WebhookDelivery
    private let log: [UInt8]

    static let columns: SQL = """
        d.event_id, d.type, d.position, d.state, d.attempts, d.due_at, d.created_at, d.ended_at,
        d.log
        """

    init(_ row: Row) throws(DatabaseFault) {
        var row = row
        base = WebhookDelivery(
            event: try row.next(),
            type: EventType(try row.next()),
            position: try row.next(),
            state: WebhookDelivery.State(rawValue: try row.next()) ?? .failed,
            attempts: try row.next(),
            dueAt: try row.next(),
            log: [],
            createdAt: try row.next(),
            endedAt: try row.next()
        )
        log = try row.next()
    }

    func delivery() throws(StorageFault) -> WebhookDelivery {
        var delivery = base
        delivery.log = try [WebhookAttempt](stored: log)
        return delivery
    }
}

extension [WebhookAttempt] {
    /// Reads what was stored.
    init(stored bytes: [UInt8]) throws(StorageFault) {
        let document = try parsed(bytes)
        self = try reading { () throws(DocumentFault) in
            var attempts: [WebhookAttempt] = []
            for entry in document.array ?? [] {
                attempts.append(try WebhookAttempt(reading: entry))
            }
            return attempts
        }
    }
}
