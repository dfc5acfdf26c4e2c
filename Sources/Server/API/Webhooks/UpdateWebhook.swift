import Domain
import HTTP
import JSON
import Storage

/// Parts of a webhook, by JSON merge patch; also how it is disabled and enabled.
struct UpdateWebhook: Operation {
    static let endpoint = Endpoint(
        "updateWebhook",
        .patch,
        "/v1/webhooks/{webhook}",
        for: .permitted(.manageWebhooks),
        body: .mergePatch,
        [.changes, .conditional, .plans]
    )

    private let id: WebhookID
    private let patch: Patch
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("webhook")
        patch = Patch(inputs.body)
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await WebhookChange(call: call, id: id).perform { webhook in
            let before = try webhook.wish()
            let document = patch.applied(to: before, open: ["labels"])
            let wish = try Inputs(call: call, body: document, bytes: [])
                .read(takingNull: true) { WebhookWish(&$0, call.services) }
            guard wish.tenant?.text == webhook.tenant?.name else {
                throw Problem(
                    invalidSpec: "tenant",
                    "fixed",
                    "Whose events are sent does not change; create another webhook."
                )
            }
            let decision = webhook.change(labels: wish.labels, spec: wish.spec, on: call.occasion)
            let next = decision?.webhook ?? webhook
            let resource = WebhookView.bytes(next)
            if isDryRun {
                return Plan(
                    action: decision == nil ? .none : .update,
                    resource: resource,
                    before: before,
                    after: try next.wish(),
                    job: nil
                ).answer(call)
            }
            let answer = Answer.resource(resource, revision: next.revision)
            guard let decision else { return answer }
            return try await WebhookChange(call: call, id: id).answer(answer) {
                (circumstances) throws(StorageFault) in
                try await call.services.storage.webhooks.store(
                    decision,
                    replacing: webhook.revision,
                    for: circumstances
                )
            }
        }
    }
}
