/// The condition that `If-Match` or `If-None-Match` puts on a resource (RFC 9110 §13.1).
enum EntityTagCondition: Sendable, Hashable {
    /// The most tags of one field.
    static let tagsMax = 16
    /// The most characters of one tag.
    static let lengthMax = 64

    /// `*`: the resource exists.
    case any
    /// It is in one of these versions.
    case oneOf([EntityTag])

    /// Reads `*` or a list of entity tags; nil where it is neither.
    init?(parsing lines: [String]) {
        let text = lines.joined(separator: ",")
        if text == "*" {
            self = .any
            return
        }
        var scanner = EntityTagScanner(text)
        guard let tags = scanner.tags(), !tags.isEmpty else { return nil }
        self = .oneOf(tags)
    }

    /// Whether something with this opaque tag fulfils it, compared strongly (RFC 9110 §8.8.3.2).
    func holdsStrongly(for opaque: String) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let tags): tags.contains { !$0.isWeak && $0.opaque == opaque }
        }
    }

    /// The same, compared weakly.
    func holdsWeakly(for opaque: String) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let tags): tags.contains { $0.opaque == opaque }
        }
    }

    /// The revisions that are named, for a query; tags that are no revision match nothing.
    var revisions: [Int64]? {
        switch self {
        case .any: nil
        case .oneOf(let tags): tags.filter { !$0.isWeak }.compactMap { Int64($0.opaque) }
        }
    }
}

/// One entity tag.
struct EntityTag: Sendable, Hashable {
    var isWeak: Bool
    var opaque: String

    /// A strong tag as a field value.
    static func strong(_ opaque: String) -> String { "\"\(opaque)\"" }
}

/// Reads `[W/]"…"` with commas between (RFC 9110 §8.8.3, §5.6.1).
private struct EntityTagScanner {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func tags() -> [EntityTag]? {
        var tags: [EntityTag] = []
        while true {
            skip { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
            guard place < bytes.count else { return tags }
            guard tags.count < EntityTagCondition.tagsMax, let tag = tag() else { return nil }
            tags.append(tag)
            skip { $0 == 0x20 || $0 == 0x09 }
            guard place == bytes.count || bytes[place] == UInt8(ascii: ",") else { return nil }
        }
    }

    private mutating func tag() -> EntityTag? {
        let isWeak = bytes[place...].starts(with: "W/".utf8)
        if isWeak { place += 2 }
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return nil }
        place += 1
        let start = place
        skip { $0 == 0x21 || ($0 >= 0x23 && $0 != 0x7F) }
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\""),
            place - start <= EntityTagCondition.lengthMax
        else { return nil }
        defer { place += 1 }
        return EntityTag(
            isWeak: isWeak,
            opaque: String(decoding: bytes[start..<place], as: UTF8.self)
        )
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        while place < bytes.count, isSkipped(bytes[place]) { place += 1 }
    }
}
