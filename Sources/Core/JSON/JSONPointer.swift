/// A place inside a JSON value (RFC 6901): `/parameters/region`, `/owners/0`, or empty for all.
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// The reference tokens, unescaped.
    package private(set) var tokens: [String]

    /// The whole value.
    package static let root = JSONPointer([])

    /// The place reached by following `tokens`.
    package init(_ tokens: [String]) { self.tokens = tokens }

    /// Reads the string form; nil when it is neither empty nor starts with `/`, or holds a `~`
    /// that is not followed by 0 or 1.
    package init?(parsing text: String) {
        guard !text.utf8.isEmpty else {
            self = .root
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for part in text.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        ) {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    private static func unescape(_ part: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var isEscape = false
        for byte in part {
            switch (isEscape, byte) {
            case (true, UInt8(ascii: "0")): bytes.append(UInt8(ascii: "~"))
            case (true, UInt8(ascii: "1")): bytes.append(UInt8(ascii: "/"))
            case (true, _): return nil
            case (false, UInt8(ascii: "~")): break
            case (false, _): bytes.append(byte)
            }
            isEscape = !isEscape && byte == UInt8(ascii: "~")
        }
        return isEscape ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// This place's member or element `token`.
    package func appending(_ token: String) -> JSONPointer { JSONPointer(tokens + [token]) }

    /// This place's element `index`.
    package func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    /// The string form, with `~` and `/` escaped.
    package var description: String {
        var bytes: [UInt8] = []
        for token in tokens {
            bytes.append(UInt8(ascii: "/"))
            for byte in token.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes.append(contentsOf: "~0".utf8)
                case UInt8(ascii: "/"): bytes.append(contentsOf: "~1".utf8)
                default: bytes.append(byte)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.elementsEqual(right.tokens) { $0.hasSameBytes(as: $1) }
    }

    package func hash(into hasher: inout Hasher) {
        for token in tokens { hasher.combine(ByteKey(token)) }
    }
}

extension JSON {
    /// The value at `pointer`, or nil when there is none.
    package func value(at pointer: JSONPointer) -> JSON? {
        var value = self
        for token in pointer.tokens {
            switch value {
            case .object(let object):
                guard let next = object[token] else { return nil }
                value = next
            case .array(let elements):
                guard let index = Self.arrayIndex(token), index < elements.count else { return nil }
                value = elements[index]
            case .null, .bool, .number, .string:
                return nil
            }
        }
        return value
    }

    /// RFC 6901 §4: digits without a leading zero.
    private static func arrayIndex(_ token: String) -> Int? {
        let bytes = token.utf8
        let isPlain =
            bytes.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
            && (bytes.count == 1 || bytes.first != UInt8(ascii: "0"))
        return isPlain ? Int(token) : nil
    }
}
