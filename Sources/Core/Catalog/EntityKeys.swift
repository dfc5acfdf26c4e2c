import JSON

/// What an entity can be found by: every value in it under a flat key, as Backstage flattens them.
///
/// `spec.type` = `service`; elements of lists stand under the key of the list, and texts among them
/// as well under a key of their own: `metadata.tags` = `java` and `metadata.tags.java` = `true`.
package struct EntityKeys: Sendable, Equatable {
    /// The most keys of one entity, relations left aside.
    package static let countMax = 5_000
    /// Characters of a key; longer ones are left out.
    package static let keyMax = 200
    /// Characters of a value; of a longer one only the key is kept.
    package static let valueMax = 200
    /// What is never looked into, or stands under a key of its own anyway.
    private static let special: Set<String> = [
        "relations", "status", "attachments", "metadata.name", "metadata.namespace",
        "metadata.uid", "metadata.etag",
    ]

    /// One key and one of its values.
    package struct Entry: Sendable, Hashable {
        /// The key, in lower case.
        package let key: String
        /// The value as it was written; nil for `null` and for what is too long.
        package let value: String?
    }

    /// The entries, each once.
    package private(set) var entries: [Entry] = []
    private var seen: Set<Entry> = []

    /// The keys of an entity without those of its relations, which others may add to.
    ///
    /// Where it comes from is found as the annotations that say so.
    package init(of entity: Entity, from hold: EntityHold? = nil) {
        var visitor = Visitor()
        visitor.visit("", .object(entity.document))
        for (key, value) in visitor.found { add(key, value) }
        add("metadata.name", entity.name)
        add("metadata.namespace", entity.namespace)
        for annotation in hold?.annotations ?? [] {
            add(Self.annotation(annotation.key), annotation.value)
        }
    }

    /// Whether a text has so many characters at most, none of them made of many: an index holds it.
    private static func isShort(_ text: String, _ most: Int) -> Bool {
        text.unicodeScalars.count <= most
    }

    private mutating func add(_ key: String, _ value: String?) {
        let key = key.lowercased()
        guard Self.isShort(key, Self.keyMax) else { return }
        let short = value.flatMap { Self.isShort($0, Self.valueMax) ? $0 : nil }
        let folded = Entry(key: key, value: short?.lowercased())
        guard seen.insert(folded).inserted else { return }
        entries.append(Entry(key: key, value: short))
    }

    /// What keeps a document from being flattened.
    enum Verdict: Equatable {
        case fine
        /// Two keys differ in case only.
        case similar(String)
        case tooMany
    }

    static func check(_ document: JSONObject) -> Verdict {
        var visitor = Visitor()
        visitor.visit("", .object(document))
        guard visitor.found.count <= countMax else { return .tooMany }
        var folded: [String: String] = [:]
        for (key, _) in visitor.found {
            let other = folded.updateValue(key, forKey: key.lowercased())
            if let other, other != key { return .similar(key) }
        }
        return .fine
    }

    /// Walks through a document; stops soon after there are too many values.
    private struct Visitor {
        var found: [(key: String, value: String?)] = []
        /// Keys made of elements, which are the same in any case.
        private var elements: Set<String> = []

        mutating func visit(_ path: String, _ value: JSON) {
            guard found.count <= EntityKeys.countMax, !EntityKeys.special.contains(path) else {
                return
            }
            switch value {
            case .null, .bool, .number, .string: found.append((path, EntityKeys.text(of: value)))
            case .array(let list):
                for element in list {
                    visit(path, element)
                    guard let text = element.string else { continue }
                    let key = "\(path).\(text)"
                    if elements.insert(key.lowercased()).inserted { found.append((key, "true")) }
                }
            case .object(let object):
                for member in object {
                    visit(path.isEmpty ? member.key : "\(path).\(member.key)", member.value)
                }
            }
        }
    }
}

extension EntityKeys {
    /// A text, number or boolean as it is found under a key; nil for anything else.
    static func text(of value: JSON) -> String? {
        switch value {
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): number.int64.map(String.init) ?? number.text
        case .string(let text): text
        case .null, .array, .object: nil
        }
    }

    /// The key under which the value of an annotation is found.
    package static func annotation(_ key: String) -> String { "metadata.annotations.\(key)" }

    /// The key under which relations of a type are found.
    package static func relation(_ type: String) -> String {
        "relations.\(type.lowercased())"
    }
}
