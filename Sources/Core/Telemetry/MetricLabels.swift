internal import JSON

/// The labels of one series, fixed when it is registered.
package struct MetricLabels: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// Name and value, in the order of registration.
    package struct Pair: Sendable, Hashable {
        /// `[a-zA-Z_][a-zA-Z0-9_]*`.
        package let name: String
        /// Any text.
        package let value: String
    }

    /// The labels in their order.
    package let pairs: [Pair]

    /// No labels.
    package static let none = MetricLabels([])

    /// Labels whose names must be valid.
    package init(_ pairs: [(name: String, value: String)]) {
        self.pairs = pairs.map { pair in
            precondition(
                MetricName.isLabel(pair.name),
                "\(pair.name) is no name of a metric's label"
            )
            return Pair(name: pair.name, value: pair.value)
        }
    }

    /// Labels written as a literal: `["method": "GET"]`.
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }
}

/// The grammar of names in the exposition format.
enum MetricName {
    static func isMetric(_ name: String) -> Bool {
        isName(name) { $0 == UInt8(ascii: ":") }
    }

    static func isLabel(_ name: String) -> Bool {
        isName(name) { _ in false } && !name.hasPrefix("__")
    }

    private static func isName(_ name: String, allowing isExtra: (UInt8) -> Bool) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || isDigit($0) || isExtra($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }
}
