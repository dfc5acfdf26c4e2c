import Domain
import HTTP
import Storage

/// One delivery, with what became of its last attempts.
struct GetWebhookDelivery: Operation {
    static let endpoint = Endpoint.reading(
        "getWebhookDelivery",
        "/v1/webhooks/{webhook}/deliveries/{delivery}",
        .manageWebhooks
    )

    private let webhook: WebhookID
    private let event: EventID

    init(reading inputs: Inputs) throws(Problem) {
        webhook = try inputs.id("webhook")
        event = try inputs.id("delivery")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let found = try await call.services.storage.webhooks.delivery(
            of: event,
            to: webhook,
            as: call.access
        )
        guard let found else { throw Problem.notFound }
        return .json(.ok, WebhookDeliveryView.bytes(found))
    }
}
