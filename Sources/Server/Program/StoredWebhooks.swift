import Domain
import Secrets
import Storage
import Webhooks

/// What the sending of webhooks must keep, in PostgreSQL.
struct StoredWebhooks: WebhookRecords {
    let store: WebhookStore

    func claim(_ room: Int, at moment: Instant) async throws(WebhookOutage) -> [WebhookLane] {
        var random = SecureRandom()
        let lease = ID<WebhookLane>(at: moment, using: &random)
        return try await asking { () async throws(StorageFault) in
            try await store.claim(room, as: lease, at: moment)
        }
    }

    func match(_ lane: WebhookLane, at moment: Instant) async throws(WebhookOutage) -> Bool {
        try await asking { () async throws(StorageFault) in
            try await store.match(lane, at: moment)
        }
    }

    func next(
        _ lane: WebhookLane,
        at moment: Instant
    ) async throws(WebhookOutage) -> WebhookMessage? {
        try await asking { () async throws(StorageFault) in
            try await store.next(lane, at: moment)
        }
    }

    func record(
        _ attempt: WebhookAttempt,
        of message: WebhookMessage,
        _ verdict: WebhookSchedule.Verdict,
        _ lane: WebhookLane,
        on occasion: Occasion
    ) async throws(WebhookOutage) -> Bool {
        try await asking { () async throws(StorageFault) in
            try await store.record(attempt, of: message, verdict, lane, on: occasion)
        }
    }

    func release(_ lane: WebhookLane, at moment: Instant) async throws(WebhookOutage) {
        try await asking { () async throws(StorageFault) in
            try await store.release(lane, at: moment)
        }
    }

    private func asking<Value>(
        _ body: () async throws(StorageFault) -> Value
    ) async throws(WebhookOutage) -> Value {
        do throws(StorageFault) { return try await body() } catch {
            throw WebhookOutage("\(error)")
        }
    }
}
