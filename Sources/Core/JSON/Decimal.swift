/// An exact decimal number `±digits × 10^exponent` in its one normal form: no zero at either end
/// of the digits, and zero is no digits with exponent 0.
struct Decimal: Hashable, Comparable {
    private(set) var isNegative = false
    /// Values 0…9, the most significant first.
    private(set) var digits: [UInt8] = []
    private(set) var exponent = 0

    /// Reads a text that the JSON parser accepted; its exponent is within `JSONLimits`.
    init(_ text: String) {
        var written = 0
        var inFraction = false
        var inExponent = false
        var isExponentNegative = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"):
                if inExponent { isExponentNegative = true } else { isNegative = true }
            case UInt8(ascii: "+"):
                continue
            case UInt8(ascii: "."):
                inFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                inExponent = true
            default:
                let digit = byte &- UInt8(ascii: "0")
                guard !inExponent else {
                    written = min(written * 10 + Int(digit), Self.exponentMax)
                    continue
                }
                if inFraction { exponent -= 1 }
                if !(digits.isEmpty && digit == 0) { digits.append(digit) }
            }
        }
        exponent += isExponentNegative ? -written : written
        normalise()
    }

    /// Beyond any exponent that the parser lets through; keeps the sum within Int.
    private static let exponentMax = 1_000_000_000

    private mutating func normalise() {
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        if digits.isEmpty {
            exponent = 0
            isNegative = false
        }
    }

    /// The value when it is whole and fits, else nil.
    var int64: Int64? {
        guard exponent >= 0, digits.count + exponent <= 19 else { return nil }
        var value: Int64 = 0
        for place in 0..<(digits.count + exponent) {
            let digit = place < digits.count ? Int64(digits[place]) : 0
            let (tens, tooBig) = value.multipliedReportingOverflow(by: 10)
            let (next, tooBigSum) = tens.subtractingReportingOverflow(digit)
            guard !tooBig, !tooBigSum else { return nil }
            value = next
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// Whether this is a whole multiple of `divisor`, which has at most 18 digits and is not 0.
    ///
    /// In normal form the digits end in no zero, so a smaller exponent than the divisor's can
    /// never be made up for.
    func isMultiple(of divisor: Decimal) -> Bool {
        guard !digits.isEmpty else { return true }
        guard exponent >= divisor.exponent else { return false }
        let modulus = divisor.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
        guard modulus > 0 else { return false }
        var rest: UInt64 = 0
        for digit in digits { rest = Self.step(rest, digit, modulus) }
        for _ in 0..<(exponent - divisor.exponent) where rest != 0 {
            rest = Self.step(rest, 0, modulus)
        }
        return rest == 0
    }

    private static func step(_ rest: UInt64, _ digit: UInt8, _ modulus: UInt64) -> UInt64 {
        UInt64((UInt128(rest) * 10 + UInt128(digit)) % UInt128(modulus))
    }

    static func < (left: Decimal, right: Decimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative
            ? right.isSmallerInSize(than: left) : left.isSmallerInSize(than: right)
    }

    private func isSmallerInSize(than other: Decimal) -> Bool {
        if digits.isEmpty || other.digits.isEmpty { return other.digits.count > digits.count }
        let (size, otherSize) = (digits.count + exponent, other.digits.count + other.exponent)
        if size != otherSize { return size < otherSize }
        return digits.lexicographicallyPrecedes(other.digits)
    }
}
