/// A JSON number, kept as the text in which it was written.
///
/// Nothing is lost between reading and writing: `1.10` stays `1.10`, twenty digits stay twenty
/// digits. Equality, order and hash are those of the exact decimal value.
package struct JSONNumber: Sendable, CustomStringConvertible {
    /// The number as RFC 8259 §6 writes it.
    package let text: String

    /// The parser has checked `text`.
    init(checked text: String) { self.text = text }

    /// An exact integer.
    package init(_ value: some FixedWidthInteger) { text = String(value) }

    /// The shortest text that reads back as `value`; nil for infinities and not-a-number.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    /// The value when it is whole and fits 64 bits (`1`, `1.0` and `1e3` do), else nil.
    package var int64: Int64? { Int64(text) ?? decimal.int64 }

    /// The nearest binary floating-point value; infinite when it is out of range.
    package var double: Double { Double(text) ?? 0 }

    /// Whether the value is a whole number of any size.
    package var isWhole: Bool { decimal.exponent >= 0 }

    /// The text.
    package var description: String { text }

    /// The exact value, in one form for each value.
    var decimal: Decimal { Decimal(text) }
}

extension JSONNumber: Hashable, Comparable {
    package static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        left.text.hasSameBytes(as: right.text) || left.decimal == right.decimal
    }

    package static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if let left = Int64(left.text), let right = Int64(right.text) { return left < right }
        return left.decimal < right.decimal
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(decimal) }
}
