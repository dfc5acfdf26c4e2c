package import Domain
import JSON
import Postgres

extension WebhookStore {
    /// How long a lane is held without a sign of life: twice what any attempt takes.
    package static let leaseDuration = Duration.seconds(30)
    /// The most deliveries of one webhook that wait for their first attempt; behind that its
    /// events wait in the log.
    package static let untriedMax = 1_000
    /// The most deliveries of one webhook that wait, those that failed before included, so that
    /// events which a receiver does not want hold up the others only when they are very many.
    package static let waitingMax = 5_000
    /// Events that are matched in one transaction.
    package static let batch = 500
    /// How long what ended is kept: 31 days, longer than the event itself, so that a replay always
    /// knows what came through.
    package static let keepEnded = Duration.seconds(31 * 86_400)

    /// Takes up to `room` webhooks that have something to send or to match.
    package func claim(
        _ room: Int,
        as lease: ID<WebhookLane>,
        at moment: Domain.Instant
    ) async throws(StorageFault) -> [WebhookLane] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                UPDATE webhook
                   SET lease = \(lease), lease_until = \(moment.advanced(by: Self.leaseDuration))
                 WHERE id IN (
                    SELECT w.id FROM webhook w, event_log log
                     WHERE w.is_enabled
                       AND (w.lease_until IS NULL OR w.lease_until <= \(moment))
                       AND (w.paused_until IS NULL OR w.paused_until <= \(moment))
                       AND (EXISTS (
                                SELECT FROM webhook_delivery d
                                 WHERE d.webhook_id = w.id AND d.state = 'waiting'
                                   AND d.due_at <= \(moment) AND d.position > log.trimmed)
                            OR w.position < log.last
                               AND (SELECT count(*) < \(Self.waitingMax)
                                           AND count(*) FILTER (WHERE d.attempts = 0)
                                               < \(Self.untriedMax)
                                      FROM webhook_delivery d
                                     WHERE d.webhook_id = w.id AND d.state = 'waiting'))
                     -- Who was not served for the longest time comes first.
                     ORDER BY w.lease_until NULLS FIRST
                     LIMIT \(room)
                       FOR NO KEY UPDATE OF w SKIP LOCKED)
                RETURNING id
                """
            )
            var lanes: [WebhookLane] = []
            for index in 0..<rows.count {
                lanes.append(WebhookLane(webhook: try rows[index].decode(0), lease: lease))
            }
            return lanes
        }
    }

    /// Matches the next events of the log: a delivery for each that is wanted.
    ///
    /// - Returns: whether it came further in the log.
    package func match(
        _ lane: WebhookLane,
        at moment: Domain.Instant
    ) async throws(StorageFault) -> Bool {
        try await together(database) { transaction in
            guard let state = try await LaneState(lane, in: transaction) else { return false }
            guard state.waiting < Self.waitingMax, state.untried < Self.untriedMax else {
                return false
            }
            let query = EventQuery(after: state.position, limit: Self.batch)
            let scope: Access.Scope = state.webhook.tenant.map { .tenant($0.id) } ?? .everything
            let rows = try await transaction.execute(EventStore.reading(query, within: scope))
            let page = try Matches(rows, for: state, limit: query.limit)
            guard page.end > state.position else { return false }
            try await transaction.execute(Self.insertion(of: page, for: state, at: moment))
            try await transaction.execute(
                "UPDATE webhook SET position = \(page.end) WHERE id = \(lane.webhook)"
            )
            return true
        }
    }

    private static func insertion(
        of page: Matches,
        for state: LaneState,
        at moment: Domain.Instant
    ) -> SQL {
        """
        INSERT INTO webhook_delivery (
            webhook_id, position, event_id, type, state, due_at, created_at)
        SELECT \(state.webhook.id), u.position, u.event_id, u.type, 'waiting', \(moment),
               \(moment)
          FROM unnest(\(page.positions), \(page.events), \(page.types))
               AS u (position, event_id, type)
        ON CONFLICT (webhook_id, position) DO UPDATE
           SET state = 'waiting', attempts = 0, due_at = excluded.due_at, ended_at = NULL
         WHERE excluded.position <= \(state.replayUntil)
           AND (webhook_delivery.state = 'failed'
                OR \(state.replaysAll) AND webhook_delivery.state = 'delivered')
        """
    }

    /// What is to be sent next: of what is due, the event that happened first.
    package func next(
        _ lane: WebhookLane,
        at moment: Domain.Instant
    ) async throws(StorageFault) -> WebhookMessage? {
        let found = try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                SELECT w.spec ->> 'url', w.secret,
                       CASE WHEN w.previous_until > \(moment) THEN w.previous_secret END,
                       d.attempts, d.log, e.position, e.id, e.type, e.subject_kind, e.subject_id,
                       e.subject_name, e.tenant_id, e.at, e.data
                  FROM webhook w
                  JOIN webhook_delivery d ON d.webhook_id = w.id AND d.state = 'waiting'
                  JOIN event e ON e.position = d.position
                 WHERE w.id = \(lane.webhook) AND w.lease = \(lane.lease) AND w.is_enabled
                   AND (w.paused_until IS NULL OR w.paused_until <= \(moment))
                   AND d.due_at <= \(moment)
                 ORDER BY d.position
                 LIMIT 1
                """
            ).first.map { row throws(DatabaseFault) in
                let secrets: [String?] = [try row.decode(1), try row.decode(2)]
                return (
                    url: try row.decode(0, as: String.self), secrets: secrets.compactMap(\.self),
                    attempts: try row.decode(3, as: Int.self),
                    log: try row.decode(4, as: [UInt8].self),
                    positioned: try PositionedEvent(row, from: 5)
                )
            }
        }
        guard let found else { return nil }
        return WebhookMessage(
            url: found.url,
            secrets: found.secrets,
            event: found.positioned.event,
            position: found.positioned.position,
            attempts: found.attempts,
            log: try [WebhookAttempt](stored: found.log)
        )
    }

    /// Writes down what became of an attempt, and keeps the lane.
    ///
    /// - Returns: whether it counts; not where the lane was lost or the webhook disabled since,
    ///   so that the event may be sent again.
    package func record(
        _ attempt: WebhookAttempt,
        of message: WebhookMessage,
        _ verdict: WebhookSchedule.Verdict,
        _ lane: WebhookLane,
        on occasion: Occasion
    ) async throws(StorageFault) -> Bool {
        try await together(database) { transaction in
            guard var state = try await LaneState(lane, in: transaction) else { return false }
            let wasFailing = state.webhook.phase == .failing
            let ban = state.webhook.status.take(verdict, at: occasion.at)
            try await transaction.execute(
                Self.update(to: verdict, attempt, of: message, lane, at: occasion.at)
            )
            let isTurn = wasFailing != (state.webhook.phase == .failing)
            try await transaction.execute(
                Self.update(to: state.webhook, after: attempt, isTurn: isTurn, at: occasion.at)
            )
            if let ban {
                try await Self.disable(state.webhook, ban, on: occasion, in: transaction)
            }
            return true
        }
    }

    private static func update(
        to verdict: WebhookSchedule.Verdict,
        _ attempt: WebhookAttempt,
        of message: WebhookMessage,
        _ lane: WebhookLane,
        at moment: Domain.Instant
    ) -> SQL {
        let (state, due): (WebhookDelivery.State, Domain.Instant?) =
            switch verdict {
            case .delivered: (.delivered, nil)
            case .again(let next), .held(let next): (.waiting, next)
            case .failed, .gone: (.failed, nil)
            }
        let counts = if case .held = verdict { 0 } else { 1 }
        let log = (message.log + [attempt]).suffix(WebhookAttempt.keptMax)
        let document = Document { writer in writer.array(log) { $1.write(to: &$0) } }
        return """
            UPDATE webhook_delivery
               SET state = \(state.rawValue), attempts = attempts + \(counts), due_at = \(due),
                   ended_at = \(due == nil ? moment : nil), log = \(document)
             WHERE webhook_id = \(lane.webhook) AND position = \(message.position)
            """
    }

    private static func update(
        to webhook: Webhook,
        after attempt: WebhookAttempt,
        isTurn: Bool,
        at moment: Domain.Instant
    ) -> SQL {
        let status = webhook.status
        let pause = WebhookSchedule.pause(after: status.failures, retryAfter: attempt.retryAfter)
        let until = status.failures > 0 ? moment.advanced(by: pause) : nil
        return """
            UPDATE webhook
               SET failures = \(status.failures), failing_since = \(status.failingSince),
                   delivered_at = \(status.deliveredAt), paused_until = \(until),
                   lease_until = \(moment.advanced(by: leaseDuration)),
                   revision = revision + \(isTurn ? 1 : 0)
             WHERE id = \(webhook.id)
            """
    }

    private static func disable(
        _ webhook: Webhook,
        _ ban: WebhookStatus.Ban,
        on occasion: Occasion,
        in transaction: Transaction
    ) async throws {
        let decision = webhook.disabling(ban, on: occasion)
        try await transaction.execute(
            """
            UPDATE webhook
               SET is_enabled = false, spec = \(decision.webhook.spec.document),
                   ban = \(ban.rawValue), switched_at = \(occasion.at),
                   generation = \(decision.webhook.generation), revision = revision + 1,
                   updated_at = \(occasion.at)
             WHERE id = \(webhook.id)
            """
        )
        try await giveUp(webhook.id, at: occasion.at, in: transaction)
        try await transaction.execute(EventStore.insertion(of: decision.event))
    }

    /// Lets go of a lane; who was not served for longer comes first from now on.
    package func release(
        _ lane: WebhookLane,
        at moment: Domain.Instant
    ) async throws(StorageFault) {
        try await translating { () async throws(DatabaseFault) in
            _ = try await database.write(
                """
                UPDATE webhook SET lease = NULL, lease_until = \(moment)
                 WHERE id = \(lane.webhook) AND lease = \(lane.lease)
                """
            )
        }
    }

    /// Deletes deliveries that ended long ago, and those whose event is no longer in the log.
    ///
    /// - Returns: how many; as many as `batch` means that there may be more.
    package func removeOld(batch: Int) async throws(StorageFault) -> Int {
        try await translating { () async throws(DatabaseFault) in
            try await database.write(
                """
                DELETE FROM webhook_delivery
                 WHERE (webhook_id, position) IN (
                    (SELECT webhook_id, position FROM webhook_delivery
                      WHERE ended_at < now() - \(interval: Self.keepEnded)
                      LIMIT \(batch))
                     UNION ALL
                    (SELECT webhook_id, position FROM webhook_delivery
                      WHERE state = 'waiting' AND position <= (SELECT trimmed FROM event_log)
                      LIMIT \(batch)))
                """
            ).affected
        }
    }
}

/// A webhook whose lane is held, locked until the transaction ends.
private struct LaneState {
    var webhook: Webhook
    let waiting: Int
    let untried: Int
    let position: Int64
    let replayUntil: Int64
    let replaysAll: Bool

    /// Nil where the lane was lost or nothing is to be sent.
    init?(_ lane: WebhookLane, in transaction: Transaction) async throws {
        let rows = try await transaction.execute(
            """
            SELECT \(StoredWebhook.columns), position, replay_until, replays_all,
                   (SELECT count(*) FROM webhook_delivery d
                     WHERE d.webhook_id = webhook.id AND d.state = 'waiting' AND d.attempts = 0)
              FROM webhook
             WHERE id = \(lane.webhook) AND lease = \(lane.lease) AND is_enabled
               FOR NO KEY UPDATE
            """
        )
        guard let row = rows.first else { return nil }
        webhook = try StoredWebhook(row).webhook()
        waiting = webhook.status.waiting
        position = try row.decode(17)
        replayUntil = try row.decode(18)
        replaysAll = try row.decode(19)
        untried = try row.decode(20)
    }
}

/// The events of one piece of the log that a webhook wants.
private struct Matches {
    var positions: [Int64] = []
    var events: [EventID] = []
    var types: [String] = []
    /// How far the log was looked through.
    let end: Int64

    /// Reads what `EventStore.reading` answered.
    init(_ rows: Rows, for state: LaneState, limit: Int) throws(DatabaseFault) {
        guard let first = rows.first else {
            end = state.position
            return
        }
        let isEmpty = try first.decode(2, as: Int64?.self) == nil
        let hasMore = !isEmpty && rows.count > limit
        var last: Int64 = try first.decode(1)
        for index in 0..<(isEmpty ? 0 : min(rows.count, limit)) {
            let positioned = try PositionedEvent(rows[index], from: 2)
            if hasMore { last = positioned.position }
            let event = positioned.event
            guard state.webhook.wants(event.type, about: event.subject.id) else { continue }
            let isRepeated = positioned.position <= state.replayUntil
            // What was tried out before is of no interest any more.
            if isRepeated, event.type == .webhookPinged { continue }
            positions.append(positioned.position)
            events.append(event.id)
            types.append(event.type.description)
        }
        end = last
    }
}
