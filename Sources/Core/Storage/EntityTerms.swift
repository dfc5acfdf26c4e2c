import Catalog
import Domain
import JSON
import Secrets

/// What the catalog's index holds of an entity: a hash of each key, and of each key with its value.
///
/// Hashes keep the index a fraction of the size of the texts; 64 bits of SHA-256 meet by chance
/// once in billions.
enum EntityTerms {
    /// The hash of a key that is there.
    static func hash(_ key: String) -> Int64 { hash(bytes: Array(key.utf8)) }

    /// The hash of a key with a value; U+0000 stands in neither.
    static func hash(_ key: String, _ value: String) -> Int64 {
        hash(bytes: Array(key.utf8) + [0] + Array(value.utf8))
    }

    private static func hash(bytes: [UInt8]) -> Int64 {
        let word = SHA256.hash(bytes).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int64(bitPattern: word)
    }

    /// All hashes of an entity, sorted, each once.
    static func all(of keys: EntityKeys, id: EntityID, from hold: EntityHold? = nil) -> [Int64] {
        var terms: Set<Int64> = [
            hash("metadata.uid"), hash("metadata.uid", id.description),
        ]
        for entry in keys.entries {
            terms.insert(hash(entry.key))
            if let value = entry.value { terms.insert(hash(entry.key, value.lowercased())) }
        }
        // Portals look for these however long they are.
        for annotation in hold?.annotations ?? [] {
            let key = EntityKeys.annotation(annotation.key)
            terms.formUnion([hash(key), hash(key, annotation.value.lowercased())])
        }
        return terms.sorted()
    }
}

/// The words of an entity for the full-text search, by weight.
struct EntityWords {
    /// Characters of a description that are searched.
    private static let descriptionMax = 4_000

    /// The name and the title.
    let first: String
    /// The kind, the namespace, the type and the tags.
    let second: String
    /// The description.
    let third: String

    init(of entity: Entity) {
        let metadata = entity.document["metadata"]
        let tags = (metadata?["tags"]?.array ?? []).compactMap(\.string)
        let type = entity.document["spec"]?["type"]?.string ?? ""
        first = Self.words(of: entity.name + " " + entity.title)
        second = Self.words(
            of: ([entity.kind, entity.namespace, type] + tags).joined(separator: " ")
        )
        third = Self.words(
            of: String((metadata?["description"]?.string ?? "").prefix(Self.descriptionMax))
        )
    }

    /// The text with everything but letters and digits as a space: `shop-api` is two words.
    static func words(of text: String) -> String {
        String(text.lowercased().map { $0.isLetter || $0.isNumber ? $0 : " " })
    }

    /// The words of a question, each as the start of a word.
    static func query(_ text: String) -> String? {
        let words = words(of: text).split(separator: " ").prefix(EntityQuery.wordsMax)
        guard !words.isEmpty else { return nil }
        return words.map { "'\($0)':*" }.joined(separator: " & ")
    }
}
