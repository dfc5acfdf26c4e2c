import Domain
import Storage

/// The deliveries of a webhook, the newest event first.
struct ListWebhookDeliveries: Operation {
    static let endpoint = Endpoint.listing(
        "listWebhookDeliveries",
        "/v1/webhooks/{webhook}/deliveries",
        .manageWebhooks,
        filters: ["state"]
    )

    private let request: ListRequest
    private let query: DeliveryQuery

    init(reading inputs: Inputs) throws(Problem) {
        request = try ListRequest(reading: inputs)
        query = DeliveryQuery(
            webhook: try inputs.id("webhook"),
            state: try inputs.filter("state", Reading.choice()),
            before: request.position.flatMap { Int64(String(decoding: $0, as: UTF8.self)) },
            limit: request.limit
        )
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let store = call.services.storage.webhooks
        guard try await store.find(query.webhook, as: call.access) != nil else {
            throw Problem.notFound
        }
        return request.answer(
            try await store.deliveries(query, as: call.access),
            call,
            position: { Array(String($0.position).utf8) },
            WebhookDeliveryView.write
        )
    }
}
