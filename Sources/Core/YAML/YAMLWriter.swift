import JSON

/// Writes JSON as block YAML in which every text is quoted.
///
/// Escapes are `\"`, `\\`, `\n`, `\t` and `\u` with four digits, which JSON's and YAML's readers
/// share; what lies beyond the basic plane stays UTF-8, because the API server refuses pairs of
/// surrogates.
struct YAMLWriter {
    /// A quoted key beyond this many bytes is written with `?`, since readers look 1,024 ahead.
    private static let keyBytesMax = 900

    private var bytes: [UInt8] = []

    /// The document's text, ended by a newline.
    mutating func document(_ value: JSON) -> [UInt8] {
        bytes = []
        switch value {
        case .object(let object) where !object.isEmpty: members(object, indent: 0)
        case .array(let elements) where !elements.isEmpty: items(elements, indent: 0)
        default: scalar(value)
        }
        return bytes
    }

    /// The members, the first one on the line that is already begun.
    private mutating func members(_ object: JSONObject, indent: Int) {
        for (place, member) in object.members.enumerated() {
            if place > 0 { pad(indent) }
            key(member.key, indent: indent)
            nested(member.value, indent: indent)
        }
    }

    private mutating func items(_ elements: [JSON], indent: Int) {
        for (place, element) in elements.enumerated() {
            if place > 0 { pad(indent) }
            bytes.append(UInt8(ascii: "-"))
            bytes.append(UInt8(ascii: " "))
            switch element {
            case .object(let object) where !object.isEmpty: members(object, indent: indent + 2)
            case .array(let inner) where !inner.isEmpty: items(inner, indent: indent + 2)
            default: scalar(element)
            }
        }
    }

    /// What follows a key and its colon.
    private mutating func nested(_ value: JSON, indent: Int) {
        switch value {
        case .object(let object) where !object.isEmpty:
            bytes.append(UInt8(ascii: "\n"))
            pad(indent + 2)
            members(object, indent: indent + 2)
        case .array(let elements) where !elements.isEmpty:
            bytes.append(UInt8(ascii: "\n"))
            pad(indent + 2)
            items(elements, indent: indent + 2)
        default:
            bytes.append(UInt8(ascii: " "))
            scalar(value)
        }
    }

    private mutating func key(_ key: String, indent: Int) {
        if Self.isPlain(key) {
            bytes.append(contentsOf: key.utf8)
        } else if key.utf8.count <= Self.keyBytesMax {
            quoted(key)
        } else {
            bytes.append(contentsOf: "? ".utf8)
            quoted(key)
            bytes.append(UInt8(ascii: "\n"))
            pad(indent)
        }
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func scalar(_ value: JSON) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let number): bytes.append(contentsOf: number.text.utf8)
        case .string(let text): quoted(text)
        case .array: bytes.append(contentsOf: "[]".utf8)
        case .object: bytes.append(contentsOf: "{}".utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            default:
                if Self.isPrintable(scalar) {
                    bytes.append(contentsOf: Unicode.UTF8.encode(scalar) ?? .init())
                } else {
                    escape(scalar)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        let digits = Array("0123456789ABCDEF".utf8)
        bytes.append(contentsOf: "\\u".utf8)
        for shift in [12, 8, 4, 0] as [UInt32] {
            bytes.append(digits[Int(scalar.value >> shift & 0xF)])
        }
    }

    private mutating func pad(_ indent: Int) {
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    }

    /// What YAML 1.1 §4.1.1 lets stand for itself on one line, without the byte order mark.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
            0x1_0000...0x10_FFFF:
            true
        default: false
        }
    }

    /// Whether a key reads as itself without quotes, in every version of YAML.
    private static func isPlain(_ key: String) -> Bool {
        guard let first = key.utf8.first, first.isLetter, key.utf8.count <= 64 else { return false }
        return key.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
            && !YAMLScalar.isReserved(key)
    }
}

extension UInt8 {
    /// Whether it is an ASCII letter.
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }

    /// Whether it is one of `0` to `9`.
    var isDigit: Bool { (0x30...0x39).contains(self) }
}
