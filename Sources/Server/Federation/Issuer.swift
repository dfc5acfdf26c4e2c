/// Somebody whose word on pipelines is taken: one line of the operator's list.
package struct Issuer: Sendable, Hashable {
    /// The address, exactly as tokens name it in `iss`.
    package let url: String

    /// Reads an address: `https`, or `http` on this machine alone; nil for anything else.
    package init?(_ text: String) {
        guard let origin = Self.origin(of: text), !text.hasSuffix("/"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !text.contains(where: { "?#@\\".contains($0) })
        else { return nil }
        let host = origin.drop { $0 != "/" }.dropFirst(2)
        let isHere = ["127.0.0.1", "localhost", "[::1]"].contains { name in
            host == name || host.hasPrefix(name + ":")
        }
        guard origin.hasPrefix("https://") || isHere else { return nil }
        url = text
    }

    /// Where it says which keys it has (OpenID Connect Discovery 1.0 §4).
    var discoveryURL: String { url + "/.well-known/openid-configuration" }

    /// Whether an address is at the same host and port, by the same scheme.
    func holds(_ address: String) -> Bool {
        Self.origin(of: address) != nil && Self.origin(of: address) == Self.origin(of: url)
    }

    /// Scheme, host and port; nil where the text is no address of the web.
    private static func origin(of text: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return nil }
        let host = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard !host.isEmpty, !host.contains("@"), !host.contains("\\") else { return nil }
        return scheme + host.lowercased()
    }
}
