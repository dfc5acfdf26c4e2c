package import JSON

extension JobStep {
    /// Writes the step as it is stored and as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("state", state.rawValue)
            writer.member("attempts", attempts)
            writer.member("startedAt", ifPresent: startedAt?.description)
            writer.member("finishedAt", ifPresent: finishedAt?.description)
            if let evidence {
                writer.key("evidence")
                writer.raw(evidence)
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let name = document["name"]?.string,
            let state = (document["state"]?.string).flatMap(State.init(rawValue:))
        else { throw DocumentFault(member: "steps") }
        func moment(_ member: String) -> Instant? {
            // What is no moment was not noted.
            (document[member]?.string).flatMap { try? Instant(parsing: $0) }
        }
        self.init(
            name: name,
            state: state,
            attempts: document["attempts"]?.int ?? 0,
            startedAt: moment("startedAt"),
            finishedAt: moment("finishedAt"),
            evidence: document["evidence"].map { evidence in
                var writer = JSONWriter()
                writer.value(evidence)
                return writer.finish()
            }
        )
    }
}
