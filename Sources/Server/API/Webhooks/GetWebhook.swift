import Domain
import Storage

/// One webhook, without its secret.
struct GetWebhook: Operation {
    static let endpoint = Endpoint.reading(
        "getWebhook",
        "/v1/webhooks/{webhook}",
        .manageWebhooks
    )

    private let id: WebhookID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("webhook")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.webhooks.find(id, as: call.access)
        guard let found else { throw Problem.notFound }
        return .resource(WebhookView.bytes(found), revision: found.revision)
    }
}
