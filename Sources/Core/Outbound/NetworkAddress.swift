/// An IPv4 or IPv6 address.
package struct NetworkAddress: Sendable, Hashable {
    /// 4 bytes or 16.
    package let bytes: [UInt8]

    /// An address of 4 or 16 bytes; nil for any other number.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads dotted-quad notation, or IPv6 (RFC 4291 §2.2) without brackets and without a zone.
    ///
    /// Octal, hexadecimal and shortened forms of IPv4, which some libraries take, are none.
    package init?(parsing text: String) {
        guard
            let bytes = text.utf8.contains(UInt8(ascii: ":"))
                ? Self.long(text) : Self.short(text[...])
        else { return nil }
        self.bytes = bytes
    }

    private static func short(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            let isPlain = part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isPlain, part.count == 1 || !part.hasPrefix("0"), let byte = UInt8(part) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }

    private static func long(_ text: String) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            guard let bytes = groups(text[...]), bytes.count == 16 else { return nil }
            return bytes
        }
        guard let head = groups(text[..<gap.lowerBound], mayEndShort: false),
            let tail = groups(text[gap.upperBound...]), head.count + tail.count <= 14
        else { return nil }
        return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring, mayEndShort: Bool = true) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndShort, index == parts.count - 1, part.contains(".") {
                guard let last = short(part) else { return nil }
                bytes += last
                continue
            }
            let isHex = part.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
                    || (0x61...0x66).contains(byte)
            }
            guard isHex, (1...4).contains(part.utf8.count), let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(truncatingIfNeeded: group)]
        }
        return bytes
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// Dotted quads, or eight groups of hexadecimal digits.
    package var description: String {
        if bytes.count == 4 { return bytes.map { "\($0)" }.joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { place in
            String(Int(bytes[place]) << 8 | Int(bytes[place + 1]), radix: 16)
        }
        .joined(separator: ":")
    }
}
