import JSON

/// What an unquoted scalar stands for in the Kubernetes world: the rules of go-yaml v2, which
/// sigs.k8s.io/yaml, kubectl and the API server read with (`resolve.go`).
enum YAMLScalar {
    private static let words: [String: JSON] = [
        "y": true, "Y": true, "yes": true, "Yes": true, "YES": true, "on": true, "On": true,
        "ON": true, "true": true, "True": true, "TRUE": true,
        "n": false, "N": false, "no": false, "No": false, "NO": false, "off": false, "Off": false,
        "OFF": false, "false": false, "False": false, "FALSE": false,
        "": nil, "~": nil, "null": nil, "Null": nil, "NULL": nil,
    ]

    /// Whether a plain text would be read as something else than a text.
    static func isReserved(_ text: String) -> Bool { words[text] != nil }

    /// The value; nil for a number that JSON cannot write.
    static func value(of text: String) -> JSON? {
        if let word = words[text] { return word }
        let bytes = Array(text.utf8)
        switch bytes.first {
        case UInt8(ascii: "."):
            if isBeyondNumbers(bytes) { return nil }
            return float(bytes) ?? .string(text)
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            if isBeyondNumbers(Array(bytes.dropFirst())) { return nil }
            return number(bytes) ?? .string(text)
        case .some(let first) where first.isDigit:
            return number(bytes) ?? .string(text)
        default:
            return .string(text)
        }
    }

    private static func isBeyondNumbers(_ bytes: [UInt8]) -> Bool {
        [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains { bytes.elementsEqual($0.utf8) }
    }

    private static func number(_ bytes: [UInt8]) -> JSON? {
        let plain = bytes.filter { $0 != UInt8(ascii: "_") }
        return integer(plain) ?? float(plain)
    }

    /// An integer with a sign, and `0x`, `0o`, `0b` or a leading zero for its base.
    private static func integer(_ bytes: [UInt8]) -> JSON? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let hasSign = isNegative || bytes.first == UInt8(ascii: "+")
        let (digits, base) = based(bytes.dropFirst(hasSign ? 1 : 0))
        var value: UInt64 = 0
        guard !digits.isEmpty else { return nil }
        for byte in digits {
            guard let digit = digit(byte), digit < base else { return nil }
            let (product, overflows) = value.multipliedReportingOverflow(by: base)
            let (sum, overflowsToo) = product.addingReportingOverflow(digit)
            guard !overflows, !overflowsToo else { return nil }
            value = sum
        }
        guard isNegative else { return .integer(value) }
        guard value <= Int64.min.magnitude else { return nil }
        return .integer(Int64(truncatingIfNeeded: 0 &- value))
    }

    private static func based(_ bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, UInt64) {
        guard bytes.count > 1, bytes.first == UInt8(ascii: "0"), let mark = bytes.dropFirst().first
        else { return (bytes, 10) }
        switch mark | 0x20 {
        case UInt8(ascii: "x"): return (bytes.dropFirst(2), 16)
        case UInt8(ascii: "o"): return (bytes.dropFirst(2), 8)
        case UInt8(ascii: "b"): return (bytes.dropFirst(2), 2)
        default: return (bytes.dropFirst(), 8)
        }
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x41...0x46: UInt64(byte - 0x37)
        case 0x61...0x66: UInt64(byte - 0x57)
        default: nil
        }
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, as JSON writes it.
    private static func float(_ bytes: [UInt8]) -> JSON? {
        var rest = bytes[...]
        var text: [UInt8] = []
        if rest.first == UInt8(ascii: "-") { text.append(UInt8(ascii: "-")) }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = rest.prefix { $0.isDigit }
        rest = rest.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix { $0.isDigit }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        let significant = whole.drop { $0 == UInt8(ascii: "0") }
        text += significant.isEmpty ? [UInt8(ascii: "0")] : Array(significant)
        if !fraction.isEmpty { text += [UInt8(ascii: ".")] + fraction }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            text += rest
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
                rest.removeFirst()
            }
            guard !rest.isEmpty else { return nil }
            rest = rest.drop { $0.isDigit }
        }
        // What is beyond a Double, or beyond what JSON takes, is a text to go-yaml as well.
        guard rest.isEmpty, let value = try? JSON.parse(text), let number = value.number,
            number.double.isFinite
        else { return nil }
        return value
    }
}
