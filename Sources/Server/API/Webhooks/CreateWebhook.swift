import Domain
import HTTP
import JSON
import Secrets
import Storage

/// A new webhook, whose secret is shown in this answer and never again.
struct CreateWebhook: Operation {
    static let endpoint = Endpoint(
        "createWebhook",
        .post,
        "/v1/webhooks",
        for: .permitted(.manageWebhooks),
        body: .json,
        [.changes, .creates, .plans]
    )

    private let name: String
    private let wish: WebhookWish
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        isDryRun = try inputs.isDryRun()
        let services = inputs.call.services
        (name, wish) = try inputs.read { reader in
            let name = reader.required("name", Reading.text(1...Webhook.nameLengthMax))
            let wish = WebhookWish(&reader, services)
            guard let name, let wish else { return nil }
            return (name, wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let tenant = try await tenant(call)
        let store = call.services.storage.webhooks
        guard try await store.count(of: tenant?.id) < Webhook.countMax else {
            throw Problem(
                .quotaExceeded,
                "There are \(Webhook.countMax) webhooks already, as many as may be. Delete one."
            )
        }
        var random = SecureRandom()
        let decision = Webhook.creation(
            id: WebhookID(at: call.now, using: &random),
            name: name,
            labels: wish.labels,
            tenant: tenant,
            spec: wish.spec,
            on: call.occasion
        )
        let shown = WebhookView.bytes(decision.webhook, secret: nil)
        if isDryRun {
            return Plan(
                action: .create,
                resource: shown,
                before: .null,
                after: try decision.webhook.wish(),
                job: nil
            ).answer(call)
        }
        return try await keep(decision, shown, call)
    }

    /// What is kept for a repeated call has no secret in it.
    private func keep(
        _ decision: Webhook.Decision,
        _ shown: [UInt8],
        _ call: Invocation
    ) async throws -> Answer {
        let webhook = decision.webhook
        let secret = WebhookSecret.generate()
        let change = Change(
            effect: .created(at: webhook.reference.path),
            resource: shown,
            revision: webhook.revision,
            job: nil
        )
        var isNew = false
        var answer = try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                let outcome = try await call.services.storage.webhooks.create(
                    decision,
                    secret: secret.sealed(for: webhook.id, by: call.services.sealer),
                    for: circumstances
                )
                isNew = outcome == .written
                return outcome
            },
            current: { nil }
        )
        if isNew { answer.body = .bytes(WebhookView.bytes(webhook, secret: secret)) }
        answer.isSecret = true
        return answer
    }

    private func tenant(_ call: Invocation) async throws -> TenantReference? {
        guard let name = wish.tenant else {
            guard case .tenant = call.access else { return nil }
            throw Problem(invalidSpec: "tenant", "missing", "Name your tenant: it gets its events.")
        }
        let found = try await call.services.storage.tenants.find(name, as: call.access)
        guard let found else {
            throw Problem(invalidSpec: "tenant", "unknown", "There is no such tenant.")
        }
        return TenantReference(id: found.id, name: found.name)
    }
}

extension WebhookSecret {
    /// The secret as it is stored.
    func sealed(for webhook: WebhookID, by sealer: Sealer) -> String {
        sealer.seal(Array(revealedText().utf8), context: webhook.secretContext).text
    }
}
