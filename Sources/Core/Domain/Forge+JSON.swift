package import JSON

extension ForgeSpec {
    /// Writes the member `sources`: the rules, or null where every repository can be one.
    package func writeSources(to writer: inout JSONWriter) {
        writer.key("sources")
        if let sources {
            writer.array(sources) { $0.string($1.description) }
        } else {
            writer.null()
        }
    }
}

extension ForgeRepositories {
    /// Writes how repositories are kept, as the API shows it: the key never shows.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("owner", owner)
            writer.key("owners")
            writer.array(owners) { $0.string($1.description) }
            writer.member("visibility", visibility.rawValue)
            writer.member("push", push.rawValue)
            writer.key("knownHosts")
            writer.array(knownHosts) { $0.string($1.line) }
        }
    }

    /// Reads what `write` wrote; nil where there is nothing.
    ///
    /// Whether there is a key is known by the key.
    package init?(reading document: JSON?, hasKey: Bool) {
        guard let owner = document?["owner"]?.string else { return nil }
        func texts(_ member: String) -> [String] {
            (document?[member]?.array ?? []).compactMap(\.string)
        }
        self.init(
            owner: owner,
            owners: texts("owners").map(Wildcard.init),
            visibility: (document?["visibility"]?.string).flatMap(Visibility.init(rawValue:))
                ?? .private,
            push: (document?["push"]?.string).flatMap(Push.init(rawValue:)) ?? .https,
            // A line was checked when it was stored.
            knownHosts: texts("knownHosts").compactMap { try? KnownHost(parsing: $0) },
            hasKey: hasKey
        )
    }
}
