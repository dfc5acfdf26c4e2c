import Domain
import Storage

/// The webhooks that the caller may see.
struct ListWebhooks: Operation {
    static let endpoint = Endpoint.listing(
        "listWebhooks",
        "/v1/webhooks",
        .manageWebhooks,
        filters: ["labelSelector", "sort", "tenant"]
    )

    private let request: ResourceListRequest
    private let tenant: TenantName?

    init(reading inputs: Inputs) throws(Problem) {
        request = try ResourceListRequest(reading: inputs)
        tenant = try inputs.filter("tenant", Reading.name)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let page = try await call.services.storage.webhooks.list(
            request.query,
            tenant: tenant,
            as: call.access
        )
        return request.list.answer(
            page,
            call,
            position: {
                request.position(name: $0.name, createdAt: $0.createdAt, id: $0.id.cast())
            },
            WebhookView.write
        )
    }
}
