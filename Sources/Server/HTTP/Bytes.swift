import Glibc

/// The classes of bytes that HTTP's grammar is made of, one table lookup each.
struct ByteClass: OptionSet, Sendable {
    let rawValue: UInt8

    /// tchar (RFC 9110 §5.6.2).
    static let token = ByteClass(rawValue: 1)
    /// What a field value may hold: HTAB, SP, VCHAR, obs-text (RFC 9110 §5.5).
    static let fieldValue = ByteClass(rawValue: 2)
    /// pchar and "/", without "%" (RFC 3986 §3.3).
    static let path = ByteClass(rawValue: 4)
    /// pchar, "/" and "?", without "%" (RFC 3986 §3.4).
    static let query = ByteClass(rawValue: 8)
    /// reg-name without "%": unreserved and sub-delims (RFC 3986 §3.2.2).
    static let registeredName = ByteClass(rawValue: 16)
    static let digit = ByteClass(rawValue: 32)
    static let hexDigit = ByteClass(rawValue: 64)

    private static let table: [ByteClass] = (0...255).map { classes(of: UInt8($0)) }

    static func of(_ byte: UInt8) -> ByteClass {
        table[Int(byte)]
    }

    /// Lends the classes of all bytes to a loop, which then finds the table once.
    static func lookUp<Value>(_ body: (UnsafeBufferPointer<ByteClass>) -> Value) -> Value {
        table.withUnsafeBufferPointer(body)
    }

    private static func classes(of byte: UInt8) -> ByteClass {
        let character = Character(UnicodeScalar(byte))
        let isASCII = byte < 0x80
        let isAlphanumeric = isASCII && (character.isLetter || character.isNumber)
        var classes: ByteClass = []
        if isAlphanumeric || isASCII && "!#$%&'*+-.^_`|~".contains(character) {
            classes.insert(.token)
        }
        if byte == 9 || byte >= 0x20 && byte != 0x7F { classes.insert(.fieldValue) }
        if isAlphanumeric || isASCII && "-._~!$&'()*+,;=".contains(character) {
            classes.formUnion([.path, .query, .registeredName])
        }
        if isASCII && ":@/".contains(character) { classes.formUnion([.path, .query]) }
        if byte == UInt8(ascii: "?") { classes.insert(.query) }
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { classes.insert(.digit) }
        if isASCII && character.isHexDigit { classes.insert(.hexDigit) }
        return classes
    }
}

extension UInt8 {
    /// What the byte stands for as a hexadecimal digit.
    var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The byte with an upper-case letter made lower-case.
    var lowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    /// SP or HTAB.
    var isBlank: Bool { self == 0x20 || self == 0x09 }
}

extension UnsafeRawBufferPointer {
    /// The bytes in `range`, counted from zero.
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[range])
    }

    func equals(_ text: StaticString) -> Bool {
        guard let baseAddress, count == text.utf8CodeUnitCount else {
            return isEmpty && text.isEmpty
        }
        return memcmp(baseAddress, text.utf8Start, count) == 0
    }

    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index].lowercased != text.utf8Start[index].lowercased {
            return false
        }
        return true
    }

    func startsIgnoringCase(with text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && part(0..<text.utf8CodeUnitCount).equalsIgnoringCase(text)
    }

    /// Whether every byte belongs to `allowed`.
    func areAll(_ allowed: ByteClass) -> Bool {
        ByteClass.lookUp { classes in
            for byte in self where classes[Int(byte)].isDisjoint(with: allowed) { return false }
            return true
        }
    }

    /// Whether every byte belongs to `allowed` or is part of a whole percent-encoding.
    func areAllOrPercentEncoded(_ allowed: ByteClass) -> Bool {
        var index = 0
        while index < count {
            let byte = self[index]
            if !ByteClass.of(byte).isDisjoint(with: allowed) {
                index += 1
            } else {
                guard byte == UInt8(ascii: "%"), index + 2 < count,
                    self[index + 1].hexValue != nil, self[index + 2].hexValue != nil
                else { return false }
                index += 3
            }
        }
        return true
    }

    /// The place of the first `byte` at or after `start`.
    func first(_ byte: UInt8, from start: Int = 0) -> Int? {
        guard let baseAddress, start < count,
            let found = memchr(baseAddress + start, Int32(byte), count - start)
        else { return nil }
        return UnsafeRawPointer(found) - baseAddress
    }

    /// `range` without blanks at both ends (OWS, RFC 9110 §5.6.3).
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, self[lower].isBlank { lower += 1 }
        while upper > lower, self[upper - 1].isBlank { upper -= 1 }
        return lower..<upper
    }
}

extension StaticString {
    var isEmpty: Bool { utf8CodeUnitCount == 0 }
}
