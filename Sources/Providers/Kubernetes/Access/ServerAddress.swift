import Outbound

/// The address of an API server: scheme, host, port and the prefix of every path.
package struct ServerAddress: Sendable, Hashable {
    /// Whether the way there is encrypted.
    package let isEncrypted: Bool
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    package let host: String
    /// The port.
    package let port: UInt16
    /// What stands before every path, such as `/k8s/clusters/c-1`; empty for none.
    package let prefix: String

    /// An encrypted address of these parts; no prefix unless said otherwise.
    package init(host: String, port: UInt16, prefix: String = "") {
        isEncrypted = true
        self.host = host
        self.port = port
        self.prefix = prefix
    }

    /// Reads `https://host:port/prefix`.
    ///
    /// - Throws: `.malformed` with what is wrong; names and passwords, queries and notations of
    ///   addresses that only some programs understand are wrong.
    package init(parsing text: String) throws(KubernetesFault) {
        let (isEncrypted, rest) = try Self.scheme(text)
        guard !rest.contains(where: { "?#@\\ ".contains($0) }), rest.utf8.allSatisfy({ $0 > 0x20 })
        else { throw Self.wrong("nothing but host, port and path may stand in it") }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let (host, port) = try Self.split(authority: rest[..<slash])
        self.isEncrypted = isEncrypted
        self.host = host
        if let port {
            self.port = try Self.number(port)
        } else {
            self.port = isEncrypted ? 443 : 80
        }
        var prefix = String(rest[slash...])
        while prefix.hasSuffix("/") { prefix.removeLast() }
        guard prefix.split(separator: "/").allSatisfy({ $0 != "." && $0 != ".." }) else {
            throw Self.wrong("its path must not go up")
        }
        self.prefix = prefix
    }

    private static func wrong(_ reason: String) -> KubernetesFault {
        .malformed(reason: "the server's address is not one that Slipway takes: \(reason)")
    }

    private static func scheme(_ text: String) throws(KubernetesFault) -> (Bool, Substring) {
        for (scheme, isEncrypted) in [("https://", true), ("http://", false)]
        where text.prefix(scheme.count).lowercased() == scheme {
            return (isEncrypted, text.dropFirst(scheme.count))
        }
        throw wrong("it must begin with https://")
    }

    private static func split(
        authority: Substring
    ) throws(KubernetesFault) -> (String, Substring?) {
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw wrong("a `]` is missing") }
            let host = String(authority[authority.index(after: authority.startIndex)..<end])
            guard NetworkAddress(parsing: host)?.bytes.count == 16 else {
                throw wrong("between the brackets stands no IPv6 address")
            }
            let rest = authority[authority.index(after: end)...]
            guard !rest.isEmpty else { return (host, nil) }
            guard rest.first == ":" else { throw wrong("its port is not one") }
            return (host, rest.dropFirst())
        }
        let pieces = authority.split(
            separator: ":",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let host = pieces.first, isHost(host) else { throw wrong("its host is not one") }
        return (String(host), pieces.count == 2 ? pieces[1] : nil)
    }

    /// A name; what ends like a number must be a whole IPv4 address, because resolvers read
    /// `127.1` and `0x7f000001` as ones.
    private static func isHost(_ host: Substring) -> Bool {
        let isName =
            (1...253).contains(host.utf8.count)
            && host.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-._".utf8.contains(byte)
                }
            }
        guard isName, let last = host.split(separator: ".").last else { return false }
        let digits = last.utf8.allSatisfy { (0x30...0x39).contains($0) }
        let isNumeric = digits || last.lowercased().hasPrefix("0x")
        return !isNumeric || NetworkAddress(parsing: String(host)) != nil
    }

    private static func number(_ text: Substring) throws(KubernetesFault) -> UInt16 {
        let isPlain =
            (1...5).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isPlain, let port = UInt16(text), port > 0 else {
            throw wrong("its port must be 1 up to 65535")
        }
        return port
    }
}

extension ServerAddress: CustomStringConvertible {
    /// The address as a URL without a slash at its end.
    package var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isEncrypted ? "https" : "http")://\(name):\(port)\(prefix)"
    }
}
