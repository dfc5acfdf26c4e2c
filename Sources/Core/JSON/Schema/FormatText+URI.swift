/// URIs by RFC 3986: a scheme, and nothing that must have been percent-encoded.
extension FormatText {
    var isURI: Bool {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            (bytes[0] | 0x20) &- 0x61 < 26,
            bytes[..<colon].allSatisfy({ Self.isAlphanumeric($0) || "+-.".utf8.contains($0) })
        else { return false }
        var rest = bytes[(colon + 1)...]
        if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
            guard FormatText(rest[(hash + 1)...]).isURIPart(extra: ":@/?") else { return false }
            rest = rest[..<hash]
        }
        if rest.starts(with: "//".utf8) {
            let authority = rest.dropFirst(2).prefix { $0 != 0x2F && $0 != 0x3F }
            guard FormatText(authority).isAuthority else { return false }
            rest = rest[authority.endIndex...]
        }
        return FormatText(rest).isURIPart(extra: ":@/?")
    }

    /// RFC 3986 §3.2: `[userinfo "@"] host [":" port]`.
    private var isAuthority: Bool {
        var rest = bytes[...]
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            guard FormatText(rest[..<at]).isURIPart(extra: ":") else { return false }
            rest = rest[(at + 1)...]
        }
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = FormatText(rest[(rest.startIndex + 1)..<end])
            guard address.isIPv6 || address.isFutureAddress else { return false }
            rest = rest[(end + 1)...]
            return rest.isEmpty || rest.first == UInt8(ascii: ":") && Self.isPort(rest.dropFirst())
        }
        let host = rest.prefix { $0 != UInt8(ascii: ":") }
        return FormatText(host).isURIPart(extra: "")
            && Self.isPort(rest[host.endIndex...].dropFirst())
    }

    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { $0 &- 0x30 < 10 }
    }

    /// `v1.…`, an address of a kind to come.
    private var isFutureAddress: Bool {
        guard let first = bytes.first, first | 0x20 == UInt8(ascii: "v") else { return false }
        let version = bytes.dropFirst().prefix { Self.isHex($0) }
        let rest = bytes[version.endIndex...]
        return !version.isEmpty && rest.first == UInt8(ascii: ".") && rest.count > 1
            && FormatText(rest).isURIPart(extra: ":")
    }

    /// Unreserved characters, sub-delimiters, percent-encoded bytes, and those of `extra`.
    private func isURIPart(extra: String) -> Bool {
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            let isPlain =
                Self.isAlphanumeric(byte) || "-._~!$&'()*+,;=".utf8.contains(byte)
                || extra.utf8.contains(byte)
            if isPlain { continue }
            let digits = rest.prefix(2)
            guard byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy(Self.isHex) else {
                return false
            }
            rest = rest.dropFirst(2)
        }
        return true
    }
}
