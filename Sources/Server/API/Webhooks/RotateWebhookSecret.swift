import Domain
import HTTP
import Secrets
import Storage

/// A new secret for a webhook; the one before signs as well for a day.
struct RotateWebhookSecret: Operation {
    /// How long both secrets sign: a day.
    private static let overlap = Duration.seconds(86_400)

    static let endpoint = Endpoint(
        "rotateWebhookSecret",
        .post,
        "/v1/webhooks/{webhook}:rotate-secret",
        for: .permitted(.manageWebhooks),
        [.changes, .conditional]
    )

    private let id: WebhookID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("webhook")
    }

    /// What is kept for a repeated call has no secret in it.
    func answer(_ call: Invocation) async throws -> Answer {
        let change = WebhookChange(call: call, id: id)
        let secret = WebhookSecret.generate()
        return try await change.perform { webhook in
            let decision = webhook.rotation(
                until: call.now.advanced(by: Self.overlap),
                on: call.occasion
            )
            let next = decision.webhook
            let first = Answer.resource(
                WebhookView.bytes(next, secret: nil),
                revision: next.revision
            )
            var isNew = false
            var answer = try await change.answer(first) { (circumstances) throws(StorageFault) in
                let outcome = try await call.services.storage.webhooks.rotate(
                    decision,
                    secret: secret.sealed(for: id, by: call.services.sealer),
                    replacing: webhook.revision,
                    for: circumstances
                )
                isNew = outcome == .written
                return outcome
            }
            if isNew { answer.body = .bytes(WebhookView.bytes(next, secret: secret)) }
            answer.isSecret = true
            return answer
        }
    }
}
