import Domain
import HTTP
import Storage

/// The end of a webhook and of what is known of its deliveries.
struct DeleteWebhook: Operation {
    static let endpoint = Endpoint(
        "deleteWebhook",
        .delete,
        "/v1/webhooks/{webhook}",
        for: .permitted(.manageWebhooks),
        [.changes, .conditional, .plans]
    )

    private let id: WebhookID
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("webhook")
        isDryRun = try inputs.isDryRun()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await WebhookChange(call: call, id: id).perform { webhook in
            let decision = webhook.deletion(on: call.occasion)
            return try await Deletion(call: call, isDryRun: isDryRun).perform(
                at: webhook.revision,
                of: try webhook.wish()
            ) { circumstances throws(StorageFault) in
                try await call.services.storage.webhooks.remove(
                    decision,
                    replacing: webhook.revision,
                    for: circumstances
                )
            }
        }
    }
}
