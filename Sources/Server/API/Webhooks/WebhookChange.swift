import Domain
import Storage

/// A change of a webhook that exists: read, decide, store, answer.
struct WebhookChange {
    let call: Invocation
    let id: WebhookID

    /// Finds the webhook and runs `body` on it, again while others change it in between.
    func perform(_ body: (Webhook) async throws -> Answer) async throws -> Answer {
        try await call.retrying {
            let found = try await call.services.storage.webhooks.find(id, as: call.access)
            guard let found else { throw Problem.notFound }
            try call.checkConditions(revision: found.revision)
            return try await body(found)
        }
    }

    /// The same for what only a webhook that sends can do.
    func performWhileEnabled(_ body: (Webhook) async throws -> Answer) async throws -> Answer {
        try await perform { webhook in
            guard webhook.spec.isEnabled else {
                throw Problem(
                    .stateConflict,
                    "The webhook is disabled. Set `spec.enabled` to true first."
                )
            }
            return try await body(webhook)
        }
    }

    /// Stores what was decided and answers it; a repeated call gets the first answer again.
    func answer(
        _ answer: Answer,
        store: (Call) async throws(StorageFault) -> WriteOutcome
    ) async throws -> Answer {
        switch try await store(call.circumstances(answer: StoredAnswer(answer))) {
        case .written: return answer
        case .replayed(let first): return try await Replay(call).answer(first)
        }
    }
}
