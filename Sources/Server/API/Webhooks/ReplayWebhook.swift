import Domain
import HTTP
import JSON
import Storage

/// The events since a moment once more: those that did not come through, or all.
struct ReplayWebhook: Operation {
    static let endpoint = Endpoint(
        "replayWebhook",
        .post,
        "/v1/webhooks/{webhook}:replay",
        for: .permitted(.manageWebhooks),
        body: .json,
        [.changes]
    )

    /// Which events are sent once more.
    enum Wanted: String, CaseIterable {
        /// Those that never came through.
        case undelivered
        /// All.
        case all
    }

    private let id: WebhookID
    private let since: Instant
    private let wanted: Wanted

    init(reading inputs: Inputs) throws(Problem) {
        id = try inputs.id("webhook")
        (since, wanted) = try inputs.read { reader in
            let since = reader.required("since", Reading.instant)
            let wanted = reader.optional("only", Reading.choice(Wanted.self)) ?? .undelivered
            return since.map { ($0, wanted) }
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let change = WebhookChange(call: call, id: id)
        return try await change.performWhileEnabled { webhook in
            let answer = Answer.resource(WebhookView.bytes(webhook), revision: webhook.revision)
            return try await change.answer(answer) { (circumstances) throws(StorageFault) in
                try await call.services.storage.webhooks.replay(
                    webhook.replay(on: call.occasion),
                    since: since,
                    all: wanted == .all,
                    for: circumstances
                )
            }
        }
    }
}
