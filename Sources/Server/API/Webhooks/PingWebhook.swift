import Domain
import EventLoop
import HTTP
import Storage

/// An event for one webhook alone, to see that it gets there.
struct PingWebhook: Operation {
    static let endpoint = Endpoint(
        "pingWebhook",
        .post,
        "/v1/webhooks/{webhook}:ping",
        for: .permitted(.manageWebhooks),
        [.changes, .waits]
    )

    private let id: WebhookID

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("webhook")
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = WebhookChange(call: call, id: id)
        let event = call.occasion
        let first = Answer.json(.accepted, WebhookDeliveryView.bytes(.ping(on: event)))
            .with(.location, "/v1/webhooks/\(id)/deliveries/\(event.event)")
        let answer = try await change.performWhileEnabled { webhook in
            try await change.answer(first) { (circumstances) throws(StorageFault) in
                try await call.services.storage.webhooks.ping(
                    webhook.ping(on: event),
                    for: circumstances
                )
            }
        }
        let hold = Hold(call)
        guard hold.isWanted, let tried = try await attempted(event.event, call) else {
            return hold.noting(answer)
        }
        return hold.noting(.json(.ok, WebhookDeliveryView.bytes(tried)))
    }

    /// The delivery once it was tried; nil where the time is over before.
    private func attempted(_ event: EventID, _ call: Invocation) async throws -> WebhookDelivery? {
        let services = call.services
        guard services.holds.begin(atMost: services.limits.waitsMax) else { return nil }
        defer { services.holds.end() }
        let until = MonotonicTime.now().advanced(by: .seconds(call.preferences.wait ?? 0))
        while true {
            let found = try await services.storage.webhooks.delivery(
                of: event,
                to: id,
                as: call.access
            )
            if let found, !found.log.isEmpty { return found }
            let left = until - .now()
            guard left > .zero, !services.eventSignal.isClosed else { return nil }
            try await EventLoop.current?.sleep(for: min(Self.lookEvery, left))
        }
    }

    /// How often is looked whether it was tried.
    private static let lookEvery = Duration.milliseconds(100)
}

extension WebhookDelivery {
    /// A ping before it is in the log.
    fileprivate static func ping(on occasion: Occasion) -> WebhookDelivery {
        WebhookDelivery(
            event: occasion.event,
            type: .webhookPinged,
            position: 0,
            state: .waiting,
            attempts: 0,
            dueAt: occasion.at,
            log: [],
            createdAt: occasion.at,
            endedAt: nil
        )
    }
}
