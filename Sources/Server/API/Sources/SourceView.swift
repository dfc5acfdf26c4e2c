import Domain
import JSON

/// How the API shows a source.
enum SourceView {
    static func bytes(_ source: Source) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        write(&writer, source)
        return writer.finish()
    }

    /// A source with the secret that was made for it, where it is shown: this once.
    static func bytes(_ source: Source, secret: String?) -> [UInt8] {
        var writer = JSONWriter(reserving: 1_024)
        write(&writer, source) { $0.member("secret", orNull: secret) }
        return writer.finish()
    }

    static func write(_ writer: inout JSONWriter, _ source: Source) {
        write(&writer, source, more: { _ in })
    }

    private static func write(
        _ writer: inout JSONWriter,
        _ source: Source,
        more: (inout JSONWriter) -> Void
    ) {
        writer.resource(
            id: source.id.bytes,
            name: source.name.text,
            generation: source.generation,
            createdAt: source.createdAt,
            updatedAt: source.updatedAt,
            labels: source.labels.write,
            spec: source.spec.write,
            status: { writer in
                writer.object { writer in
                    writer.member("hook", "/v1/hooks/\(source.forgeKind.rawValue)")
                    writer.member("observedGeneration", source.generation)
                    writer.member("lastDeliveredAt", orNull: source.status.deliveredAt)
                    writer.member("waiting", source.status.waiting)
                    writer.member("unapproved", source.status.unapproved)
                    writer.member(
                        "previousSecretUntil",
                        orNull: source.status.previousSecretUntil
                    )
                    writer.key("conditions")
                    writer.array([source.condition]) { $1.write(to: &$0) }
                }
            },
            more: { writer in
                writer.member("tenant", source.tenant.name)
                more(&writer)
            }
        )
    }
}

extension Source {
    /// Whether its forge was heard, as a condition.
    fileprivate var condition: Condition {
        let isHeard = status.deliveredAt != nil
        return Condition(
            type: "Heard",
            status: isHeard ? .true : .unknown,
            reason: isHeard ? "Delivered" : "NothingYet",
            message: isHeard
                ? "The forge delivers."
                : "Nothing was delivered yet; add a webhook to the repository.",
            observedGeneration: generation,
            lastTransitionAt: createdAt
        )
    }

    /// `{labels, spec}` for plans.
    func wish() throws(Problem) -> JSON {
        try .wish(labels: labels, spec: spec.write)
    }
}

/// How the API shows what a forge delivered.
enum SourceDeliveryView {
    static func bytes(_ delivery: HookDelivery) -> [UInt8] {
        var writer = JSONWriter(reserving: 768)
        write(&writer, delivery)
        return writer.finish()
    }

    static func write(_ writer: inout JSONWriter, _ delivery: HookDelivery) {
        writer.beginObject()
        writer.member("id", delivery.id.description)
        writer.member("cause", delivery.cause.rawValue)
        writer.member("key", orNull: delivery.key)
        writer.key("event")
        delivery.event.write(to: &writer)
        writer.member("state", delivery.state.rawValue)
        writer.member("outcome", orNull: delivery.outcome)
        writer.member("environment", orNull: delivery.environment?.text)
        writer.member("job", orNull: delivery.job?.description)
        writer.member("receivedAt", delivery.receivedAt.description)
        writer.member("endedAt", orNull: delivery.endedAt)
        writer.endObject()
    }
}
