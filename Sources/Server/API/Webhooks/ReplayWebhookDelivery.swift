import Domain
import HTTP
import Storage

/// One event once more, whatever became of it before.
struct ReplayWebhookDelivery: Operation {
    static let endpoint = Endpoint(
        "replayWebhookDelivery",
        .post,
        "/v1/webhooks/{webhook}/deliveries/{delivery}:replay",
        for: .permitted(.manageWebhooks),
        [.changes]
    )

    private let id: WebhookID
    private let event: EventID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("webhook")
        event = try inputs.id("delivery")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = WebhookChange(call: call, id: id)
        let store = call.services.storage.webhooks
        return try await change.performWhileEnabled { webhook in
            guard var delivery = try await store.delivery(of: event, to: id, as: call.access) else {
                throw Problem.notFound
            }
            delivery.state = .waiting
            delivery.attempts = 0
            delivery.dueAt = call.now
            delivery.endedAt = nil
            let answer = Answer.json(.accepted, WebhookDeliveryView.bytes(delivery))
            do {
                return try await change.answer(answer) { (circumstances) throws(StorageFault) in
                    try await store.replay(
                        webhook.replay(on: call.occasion),
                        delivery: event,
                        for: circumstances
                    )
                }
            } catch StorageFault.missingReference {
                throw Problem(
                    .stateConflict,
                    "The event is no longer in the log, so it cannot be sent once more."
                )
            }
        }
    }
}
