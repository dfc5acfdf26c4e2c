/// The labels of a resource, by the rules of Kubernetes, sorted by key.
package struct Labels: Sendable, Hashable {
    /// The most labels a resource may carry.
    package static let countMax = 64
    /// The prefix of labels that only Slipway sets.
    package static let reservedPrefix = "slipway.dev"

    /// One label.
    package struct Pair: Sendable, Hashable {
        /// What the label is called, or which label the fault is about.
        package let key: LabelKey
        /// What it is set to.
        package let value: LabelValue
    }

    /// The labels, in the order of their keys.
    package let pairs: [Pair]

    /// No labels.
    package init() {
        pairs = []
    }

    /// Checks every pair; all that is wrong is told at once, by key.
    package init(parsing input: [(key: String, value: String)]) throws(LabelFaults) {
        var found: [LabelKey: LabelValue] = [:]
        var faults: [LabelFaults.Entry] = []
        for (key, value) in input {
            do throws(LabelFault) {
                let parsed = try LabelKey(parsing: key)
                guard !parsed.isReserved else { throw .reservedPrefix }
                found[parsed] = try LabelValue(parsing: value)
            } catch {
                faults.append(LabelFaults.Entry(key: key, fault: error))
            }
        }
        if input.count > Self.countMax {
            faults.append(LabelFaults.Entry(key: nil, fault: .tooMany))
        }
        guard faults.isEmpty else { throw LabelFaults(entries: faults) }
        pairs = found.sorted { $0.key < $1.key }.map { Pair(key: $0.key, value: $0.value) }
    }

    /// These labels, with those of another set in place of their own of the same key.
    ///
    /// - Throws: `.tooMany` where a resource has no room for all of them.
    package func overlaid(with others: Labels) throws(LabelFault) -> Labels {
        let all = pairs.filter { others[$0.key] == nil } + others.pairs
        guard all.count <= Self.countMax else { throw .tooMany }
        return Labels(pairs: all.sorted { $0.key < $1.key })
    }

    private init(pairs: [Pair]) {
        self.pairs = pairs
    }

    /// The value under a key, nil where the resource has no such label.
    package subscript(key: LabelKey) -> LabelValue? {
        pairs.first { $0.key == key }?.value
    }
}

/// The key of a label: an optional DNS subdomain and `/`, then a name of up to 63 characters.
package struct LabelKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The most characters of the part before the `/`.
    package static let prefixLengthMax = 253

    package let description: String

    /// Reads a key as Kubernetes does (`IsQualifiedName`).
    package init(parsing text: String) throws(LabelFault) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        guard parts.count <= 2, let name = parts.last else { throw .badKey }
        if parts.count == 2 {
            guard Self.isSubdomain(parts[0]) else { throw .badKey }
        }
        guard !name.isEmpty, LabelValue.isLabelText(name) else { throw .badKey }
        description = text
    }

    /// Whether the key belongs to Slipway: its prefix is `slipway.dev` or ends with it.
    package var isReserved: Bool {
        guard let slash = description.firstIndex(of: "/") else { return false }
        let prefix = description[..<slash]
        return prefix == Labels.reservedPrefix || prefix.hasSuffix("." + Labels.reservedPrefix)
    }

    /// Compares bytewise.
    package static func < (left: LabelKey, right: LabelKey) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    /// Whether the text is an RFC 1123 subdomain: labels of `a-z0-9-` joined by dots.
    private static func isSubdomain(_ text: Substring.UTF8View) -> Bool {
        guard !text.isEmpty, text.count <= prefixLengthMax else { return false }
        return text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            // A part that is no name is all that matters here.
            .allSatisfy { (try? ResourceName<Labels>(parsing: String($0) ?? "")) != nil }
    }
}

/// The value of a label: empty, or up to 63 characters that start and end with a letter or digit.
package struct LabelValue: Sendable, Hashable, CustomStringConvertible {
    /// The most characters of a value, and of the name part of a key.
    package static let lengthMax = 63

    package let description: String

    /// Reads a value as Kubernetes does (`IsValidLabelValue`).
    package init(parsing text: String) throws(LabelFault) {
        guard Self.isLabelText(text[...].utf8) else { throw .badValue }
        description = text
    }

    /// Whether the text is empty or `[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?` of at most 63.
    static func isLabelText(_ text: Substring.UTF8View) -> Bool {
        guard let first = text.first, let last = text.last else { return true }
        guard text.count <= lengthMax, isAlphanumeric(first), isAlphanumeric(last) else {
            return false
        }
        return text.allSatisfy { byte in
            isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: ".")
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

/// Why a label is refused.
package enum LabelFault: Error, Equatable {
    /// The key is not `[prefix/]name` by the rules of Kubernetes.
    case badKey
    /// The value is not a label value by the rules of Kubernetes.
    case badValue
    /// The key starts with `slipway.dev/`, which only Slipway sets.
    case reservedPrefix
    /// There are more than 64 labels.
    case tooMany

    /// What is wrong, as a sentence for the caller.
    package var detail: String {
        switch self {
        case .badKey:
            """
            A label key is an optional DNS prefix and '/', then up to 63 letters, digits, '-', \
            '_' and '.', starting and ending with a letter or digit.
            """
        case .badValue:
            """
            A label value is empty or up to 63 letters, digits, '-', '_' and '.', starting and \
            ending with a letter or digit.
            """
        case .reservedPrefix: "Labels under 'slipway.dev/' are set by Slipway only."
        case .tooMany: "A resource carries at most \(Labels.countMax) labels."
        }
    }
}

/// Everything that is wrong with the labels of one resource.
package struct LabelFaults: Error, Equatable {
    /// One fault, and the key it is about; nil where it is about all of them.
    package struct Entry: Sendable, Equatable {
        /// What the label is called, or which label the fault is about.
        package let key: String?
        /// What is wrong.
        package let fault: LabelFault
    }

    /// The faults, in the order of the labels.
    package let entries: [Entry]
}
