/// A condition on labels in the syntax of Kubernetes, such as `tier in (gold,silver),!legacy`.
package struct LabelSelector: Sendable, Hashable {
    /// The most terms of one selector.
    package static let termsMax = 16
    /// The most values of one `in` or `notin`.
    package static let valuesMax = 32

    /// One condition; a resource is selected when all of them hold.
    package enum Term: Sendable, Hashable {
        /// The resource has the label, whatever its value.
        case exists(LabelKey)
        /// The resource does not have the label.
        case absent(LabelKey)
        /// The resource has the label with one of the values (`=`, `==`, `in`).
        case isOneOf(LabelKey, [LabelValue])
        /// The resource lacks the label or has another value (`!=`, `notin`).
        case isNoneOf(LabelKey, [LabelValue])
    }

    /// Selects whatever labels a resource has.
    package static let everything = LabelSelector(terms: [])

    /// The conditions in the order written; none select everything.
    package let terms: [Term]

    private init(terms: [Term]) {
        self.terms = terms
    }

    /// Reads a selector; an empty text selects everything.
    package init(parsing text: String) throws(SelectorFault) {
        var reader = SelectorReader(text)
        terms = try reader.terms()
    }

    /// Whether the labels satisfy every term.
    package func selects(_ labels: Labels) -> Bool {
        terms.allSatisfy { term in
            switch term {
            case .exists(let key): labels[key] != nil
            case .absent(let key): labels[key] == nil
            case .isOneOf(let key, let values): labels[key].map(values.contains) ?? false
            case .isNoneOf(let key, let values): !(labels[key].map(values.contains) ?? false)
            }
        }
    }
}

/// Why a text is no label selector.
package enum SelectorFault: Error, Equatable {
    /// Something else was expected at this byte.
    case unexpected(offset: Int)
    /// The key or value that ends at this byte breaks the rules for labels.
    case badLabel(offset: Int)
    /// More terms, or more values in one term, than are allowed.
    case tooLong

    /// What is wrong, as a sentence for the caller.
    package var detail: String {
        switch self {
        case .unexpected(let offset):
            """
            The selector cannot be read at character \(offset + 1); write it like \
            'a=b,c in (d,e),!f'.
            """
        case .badLabel(let offset):
            "The label key or value before character \(offset + 1) is not valid."
        case .tooLong:
            """
            A selector has at most \(LabelSelector.termsMax) terms of at most \
            \(LabelSelector.valuesMax) values.
            """
        }
    }
}

/// A cursor over the text of a selector.
private struct SelectorReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func terms() throws(SelectorFault) -> [LabelSelector.Term] {
        var terms: [LabelSelector.Term] = []
        skipSpace()
        guard offset < bytes.count else { return terms }
        repeat {
            guard terms.count < LabelSelector.termsMax else { throw .tooLong }
            terms.append(try term())
            skipSpace()
        } while take(",")
        guard offset == bytes.count else { throw .unexpected(offset: offset) }
        return terms
    }

    private mutating func term() throws(SelectorFault) -> LabelSelector.Term {
        skipSpace()
        if take("!") { return .absent(try key()) }
        let key = try key()
        skipSpace()
        if take("!") {
            try expect("=")
            return .isNoneOf(key, [try value()])
        }
        if take("=") {
            _ = take("=")
            return .isOneOf(key, [try value()])
        }
        switch word() {
        case "": return .exists(key)
        case "in": return .isOneOf(key, try values())
        case "notin": return .isNoneOf(key, try values())
        default: throw .unexpected(offset: offset)
        }
    }

    private mutating func values() throws(SelectorFault) -> [LabelValue] {
        skipSpace()
        try expect("(")
        var values: [LabelValue] = []
        repeat {
            guard values.count < LabelSelector.valuesMax else { throw .tooLong }
            values.append(try value())
            skipSpace()
        } while take(",")
        try expect(")")
        return values
    }

    private mutating func key() throws(SelectorFault) -> LabelKey {
        skipSpace()
        let text = word()
        guard !text.isEmpty else { throw .unexpected(offset: offset) }
        do throws(LabelFault) {
            return try LabelKey(parsing: text)
        } catch {
            throw .badLabel(offset: offset)
        }
    }

    private mutating func value() throws(SelectorFault) -> LabelValue {
        skipSpace()
        do throws(LabelFault) {
            return try LabelValue(parsing: word())
        } catch {
            throw .badLabel(offset: offset)
        }
    }

    /// The run of characters up to white space or punctuation of the selector.
    private mutating func word() -> String {
        let start = offset
        while offset < bytes.count, !" \t,()=!".utf8.contains(bytes[offset]) { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func skipSpace() {
        while offset < bytes.count, " \t".utf8.contains(bytes[offset]) { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(SelectorFault) {
        guard take(character) else { throw .unexpected(offset: offset) }
    }
}
