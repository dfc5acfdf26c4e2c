/// Base64url without padding (RFC 4648 §5): fit for URLs, headers and file names.
package enum Base64URL {
    private static let alphabet = Base64Alphabet(last: "-_")

    /// The text of `bytes`.
    package static func encode(_ bytes: [UInt8]) -> String { alphabet.encode(bytes, pads: false) }

    /// The bytes of `text`; nil for padding, another character or bits left over, so that each
    /// value has one text.
    package static func decode(_ text: String) -> [UInt8]? { alphabet.decode(Array(text.utf8)) }
}

/// Base64 with padding (RFC 4648 §4), as HTTP's Basic authentication uses it.
package enum Base64 {
    private static let alphabet = Base64Alphabet(last: "+/")

    /// The text of `bytes`.
    package static func encode(_ bytes: [UInt8]) -> String { alphabet.encode(bytes, pads: true) }

    /// The bytes of `text`; nil for wrong padding, another character or bits left over.
    package static func decode(_ text: String) -> [UInt8]? {
        var digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 4) else { return nil }
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        return alphabet.decode(digits)
    }
}

/// The 64 digits and the way back from them.
private struct Base64Alphabet: Sendable {
    private static let letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let noDigit: UInt8 = 0xFF

    private let digits: [UInt8]
    private let values: [UInt8]

    init(last: String) {
        digits = Array((Self.letters + last).utf8)
        var values = [UInt8](repeating: Self.noDigit, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
    }

    func encode(_ bytes: [UInt8], pads: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(digits[Int(bits >> bitCount & 63)])
            }
        }
        if bitCount > 0 { text.append(digits[Int(bits << (6 - bitCount) & 63)]) }
        while pads, !text.count.isMultiple(of: 4) { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var bitCount = 0
        for digit in text {
            let value = values[Int(digit)]
            guard value != Self.noDigit else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        return bits & (1 << bitCount - 1) == 0 ? bytes : nil
    }
}
