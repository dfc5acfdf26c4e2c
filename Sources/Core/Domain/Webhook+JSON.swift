package import JSON

extension WebhookSpec {
    /// Writes the members of the spec as they are stored and shown.
    package func writeMembers(to writer: inout JSONWriter) {
        writer.member("url", url)
        writer.key("events")
        writer.array(events) { $0.string($1.description) }
        writer.member("enabled", isEnabled)
    }

    /// Reads what `writeMembers` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let url = document["url"]?.string else { throw DocumentFault(member: "url") }
        self.init(
            url: url,
            events: (document["events"]?.array ?? []).compactMap(\.string)
                .map(EventPattern.init(stored:)),
            isEnabled: document["enabled"]?.bool ?? false
        )
    }
}
