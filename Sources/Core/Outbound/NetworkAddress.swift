/// An IPv4 or IPv6 address, and how far it reaches.
package struct NetworkAddress: Sendable, Hashable {
    /// Where an address leads.
    package enum Reach: Sendable, Hashable {
        /// To this machine.
        case machine
        /// To this link alone; clouds answer here for the machine's own secrets.
        case link
        /// To nobody in particular: multicast, broadcast, reserved.
        case nobody
        /// To some other machine, in a private network or in the internet.
        case network
    }

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

    /// How far the address reaches; an IPv4 address inside of an IPv6 one counts as what it is.
    package var reach: Reach {
        if bytes.count == 4 { return Self.reach(bytes[0], bytes[1], bytes[2], bytes[3]) }
        if let inner = embedded { return inner.reach }
        if bytes.dropLast().allSatisfy({ $0 == 0 }) { return .machine }  // `::` and `::1`
        if bytes[0] == 0xFE, bytes[1] & 0xC0 == 0x80 { return .link }
        if Self.clouds.contains(where: { bytes.starts(with: $0) }) { return .link }
        return bytes[0] == 0xFF ? .nobody : .network
    }

    /// Where clouds answer for a machine over IPv6: fd00:ec2::254, fd20:ce::254 and
    /// fd00:c1::a9fe:a9fe.
    private static let clouds: [[UInt8]] = [
        [0xFD, 0x00, 0x0E, 0xC2], [0xFD, 0x20, 0x00, 0xCE], [0xFD, 0x00, 0x00, 0xC1],
    ]

    /// RFC 6890 for what matters here; 0.0.0.0 leads to this machine on Linux.
    private static func reach(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> Reach {
        switch (a, b, c, d) {
        case (0, _, _, _), (127, _, _, _): .machine
        // The addresses after the first are where Azure, Oracle and Alibaba answer for a machine.
        case (169, 254, _, _), (168, 63, 129, 16), (192, 0, 0, _), (100, 100, 100, 200): .link
        case (224...255, _, _, _): .nobody
        default: .network
        }
    }

    /// IPv4 as `::a.b.c.d`, `::ffff:a.b.c.d`, `::ffff:0:a.b.c.d` (RFC 2765), `64:ff9b::a.b.c.d`
    /// (RFC 6052), in `64:ff9b:1::/48` (RFC 8215) or 6to4 (RFC 3056).
    private var embedded: NetworkAddress? {
        let head = Array(bytes[0..<12])
        let zeros = [UInt8](repeating: 0, count: 10)
        let isCompatible = head == zeros + [0, 0] && bytes[12..<15].contains { $0 != 0 }
        let isMapped = head == zeros + [0xFF, 0xFF]
        let isStateless = head == zeros.dropLast(2) + [0xFF, 0xFF, 0, 0]
        let isTranslated =
            head == [0, 0x64, 0xFF, 0x9B] + zeros.dropLast(2)
            || head.starts(with: [0, 0x64, 0xFF, 0x9B, 0, 1])
        if isCompatible || isMapped || isStateless || isTranslated {
            return NetworkAddress(bytes: Array(bytes[12...]))
        }
        return bytes[0] == 0x20 && bytes[1] == 0x02
            ? NetworkAddress(bytes: Array(bytes[2..<6])) : nil
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
