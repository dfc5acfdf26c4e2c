import Domain
import JSON
import Storage

/// What a caller wants of a webhook, read from a body.
struct WebhookWish: Sendable {
    let labels: Labels
    let tenant: TenantName?
    let spec: WebhookSpec

    init?(_ reader: inout ObjectReader, _ services: APIServices) {
        let labels = reader.labels()
        let read = reader.object("spec", isRequired: true) { reader in
            let tenant: TenantName? = reader.optional("tenant", orNull: true, Reading.name)
            let url = reader.required("url") { value throws(ReadingFault) in
                try Self.url(value, services)
            }
            var sent = 0
            let events = reader.array("events", countMax: WebhookSpec.patternsMax) {
                value throws(ReadingFault) in
                sent += 1
                return try Self.pattern(value)
            }
            let isEnabled = reader.optional("enabled", Reading.bool) ?? true
            if events != nil, sent == 0 {
                reader.refuse("events", "too-few", "At least one pattern is needed.")
            }
            return url.map { url in
                let events = events ?? [.everything]
                return (tenant, WebhookSpec(url: url, events: events, isEnabled: isEnabled))
            }
        }
        guard let (tenant, spec) = read else { return nil }
        self.labels = labels ?? Labels()
        self.tenant = tenant
        self.spec = spec
    }

    private static func url(
        _ value: JSON,
        _ services: APIServices
    ) throws(ReadingFault) -> String {
        let url = try Reading.text(1...WebhookSpec.urlLengthMax)(value)
        if let refusal = services.refusalOfReceiver(url) {
            throw ReadingFault("not-reachable", refusal)
        }
        return url
    }

    private static func pattern(_ value: JSON) throws(ReadingFault) -> EventPattern {
        let text = try Reading.string(value)
        do {
            return try EventPattern(parsing: text)
        } catch {
            throw ReadingFault("unknown-event", error.detail)
        }
    }
}
