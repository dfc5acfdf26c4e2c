/// A host with an optional port, as in Host and in absolute-form targets.
enum Authority {
    // RFC 9110 §7.2: Host = uri-host [ ":" port ]; no user, no path, no list. RFC 9110 §4.2.1:
    // a URI with an empty host is invalid.
    static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        guard !text.isEmpty else { return false }
        guard text[0] == UInt8(ascii: "[") else {
            let hostEnd = text.first(UInt8(ascii: ":")) ?? text.count
            return isName(text.part(0..<hostEnd)) && isPort(text.part(hostEnd..<text.count))
        }
        guard let close = text.first(UInt8(ascii: "]")) else { return false }
        return isIPLiteral(text.part(1..<close)) && isPort(text.part(close + 1..<text.count))
    }

    // RFC 3986 §3.2.2: reg-name. A comma would be grammatical, but is what a proxy makes of two
    // Host fields.
    private static func isName(_ text: UnsafeRawBufferPointer) -> Bool {
        !text.isEmpty && text.first(UInt8(ascii: ",")) == nil
            && text.areAllOrPercentEncoded(.registeredName)
    }

    // RFC 3986 §3.2.3: port = *DIGIT; no port is above 65535.
    private static func isPort(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let colon = text.first else { return true }
        guard colon == UInt8(ascii: ":"), text.count <= 6 else { return false }
        var port = 0
        for byte in text.dropFirst() {
            guard ByteClass.of(byte).contains(.digit) else { return false }
            port = port * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return port <= 65_535
    }

    // RFC 3986 §3.2.2: IP-literal = "[" ( IPv6address / IPvFuture ) "]"; nobody uses the latter,
    // and zones (RFC 6874) mean nothing to a server.
    private static func isIPLiteral(_ text: UnsafeRawBufferPointer) -> Bool {
        var reader = IPv6Reader()
        return reader.read(text)
    }
}

/// Checks the grammar of an IPv6 address: groups of up to four hexadecimal digits, at most one
/// "::", and an IPv4 address in place of the last two groups.
private struct IPv6Reader {
    private var groups = 0
    private var isCompressed = false

    mutating func read(_ text: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":"), text[1] == UInt8(ascii: ":") {
            isCompressed = true
            index = 2
        }
        while index < text.count {
            let end = text.first(UInt8(ascii: ":"), from: index) ?? text.count
            let group = text.part(index..<end)
            if end == text.count, group.first(UInt8(ascii: ".")) != nil {
                return isIPv4(group) && isComplete(adding: 2)
            }
            guard (1...4).contains(group.count), group.areAll(.hexDigit) else { return false }
            groups += 1
            guard let next = skipColons(from: end, in: text) else { return false }
            index = next
        }
        return isComplete(adding: 0)
    }

    /// The start of the next group; nil where the colons are wrong.
    private mutating func skipColons(from end: Int, in text: UnsafeRawBufferPointer) -> Int? {
        guard end < text.count else { return end }
        guard end + 1 < text.count else { return nil }
        guard text[end + 1] == UInt8(ascii: ":") else { return end + 1 }
        guard !isCompressed else { return nil }
        isCompressed = true
        return end + 2
    }

    private func isComplete(adding more: Int) -> Bool {
        isCompressed ? groups + more <= 7 : groups + more == 8
    }

    private func isIPv4(_ text: UnsafeRawBufferPointer) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count)
                    && part.allSatisfy { ByteClass.of($0).contains(.digit) }
                    && part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
            }
    }
}
