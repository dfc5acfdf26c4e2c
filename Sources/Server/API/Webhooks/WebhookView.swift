import Domain
import JSON
import Secrets

/// How the API shows a webhook.
enum WebhookView {
    static func bytes(_ webhook: Webhook) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        write(&writer, webhook)
        return writer.finish()
    }

    /// A webhook with a new secret, where it is shown: this once.
    static func bytes(_ webhook: Webhook, secret: WebhookSecret?) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        write(&writer, webhook) { $0.member("secret", orNull: secret?.revealedText()) }
        return writer.finish()
    }

    static func write(_ writer: inout JSONWriter, _ webhook: Webhook) {
        write(&writer, webhook, more: { _ in })
    }

    private static func write(
        _ writer: inout JSONWriter,
        _ webhook: Webhook,
        more: (inout JSONWriter) -> Void
    ) {
        writer.resource(
            id: webhook.id.bytes,
            name: webhook.name,
            generation: webhook.generation,
            createdAt: webhook.createdAt,
            updatedAt: webhook.updatedAt,
            labels: webhook.labels.write,
            spec: webhook.writeSpec,
            status: { status(&$0, webhook) },
            more: more
        )
    }

    private static func status(_ writer: inout JSONWriter, _ webhook: Webhook) {
        let status = webhook.status
        writer.object { writer in
            writer.member("phase", webhook.phase.rawValue)
            writer.key("conditions")
            writer.array([webhook.condition]) { $1.write(to: &$0) }
            writer.member("observedGeneration", webhook.generation)
            writer.member("failingSince", orNull: status.failingSince)
            writer.member("failures", status.failures)
            writer.member("waiting", status.waiting)
            writer.member("lastDeliveredAt", orNull: status.deliveredAt)
            writer.member("previousSecretUntil", orNull: status.previousSecretUntil)
        }
    }
}

extension Webhook {
    /// The spec as the API shows it.
    func writeSpec(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("tenant", orNull: tenant?.name)
            spec.writeMembers(to: &writer)
        }
    }

    /// `{labels, spec}` for plans and merge patches.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: writeSpec)
    }
}

/// How the API shows a delivery.
enum WebhookDeliveryView {
    /// One delivery, with what became of each attempt.
    static func bytes(_ delivery: WebhookDelivery) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        write(&writer, delivery) { writer in
            writer.key("log")
            writer.array(delivery.log) { $1.write(to: &$0) }
        }
        return writer.finish()
    }

    static func write(_ writer: inout JSONWriter, _ delivery: WebhookDelivery) {
        write(&writer, delivery, more: { _ in })
    }

    private static func write(
        _ writer: inout JSONWriter,
        _ delivery: WebhookDelivery,
        more: (inout JSONWriter) -> Void
    ) {
        writer.object { writer in
            writer.member("id", delivery.event.description)
            writer.member("type", delivery.type.description)
            writer.member("state", delivery.state.rawValue)
            writer.member("attempts", delivery.attempts)
            writer.member("dueAt", orNull: delivery.dueAt)
            writer.member("createdAt", delivery.createdAt.description)
            writer.member("endedAt", orNull: delivery.endedAt)
            writer.key("lastAttempt")
            if let last = delivery.log.last { last.write(to: &writer) } else { writer.null() }
            more(&writer)
        }
    }
}
