/// Where a fetch comes from, checked before it reaches a command line.
struct FetchSource: Sendable {
    /// The URL or path as `git` gets it.
    let text: String
    /// The one protocol that `git` may speak.
    let allowedProtocol: String
    /// Configuration that carries the credential, by way of the environment.
    let configuration: [(key: String, value: String)]
    /// The private key for `ssh`; nil for the one in Git's home.
    let key: String?
    /// The lines of `known_hosts` that go with the key.
    let knownHosts: String

    /// Whether the host is reached at given addresses only.
    var isPinned: Bool { configuration.contains { $0.key == Self.pin } }

    private static let pin = "http.curloptResolve"

    /// The folder of this machine that it names; nil where it is somewhere else.
    var folder: String? {
        guard allowedProtocol == "file" else { return nil }
        return text.hasPrefix("/") ? text : String(text.dropFirst("file://".count))
    }

    /// The longest URL, in bytes.
    private static let bytesMax = 2_048

    init(parsing request: FetchRequest) throws(GitFault) {
        try self.init(parsing: request.source, request.credential, request.addresses)
    }

    init(
        parsing source: String,
        _ credential: FetchRequest.Credential,
        _ addresses: [String] = []
    ) throws(GitFault) {
        let isClean = source.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        guard !source.isEmpty, source.utf8.count <= Self.bytesMax, isClean else {
            throw .malformed("the source must be a URL or an absolute path without white space")
        }
        text = source
        if case .key(let text, let hosts) = credential {
            (key, knownHosts) = (text, hosts)
        } else {
            (key, knownHosts) = (nil, "")
        }
        if source.hasPrefix("/") || source.hasPrefix("file:///") {
            allowedProtocol = "file"
            configuration = []
            return
        }
        let schemes = ["https", "http", "ssh"]
        guard let scheme = schemes.first(where: { source.hasPrefix("\($0)://") }) else {
            throw .malformed(
                "the source must start with `https://`, `http://`, `ssh://`, `file:///` or `/`"
            )
        }
        allowedProtocol = scheme
        let host = try Self.host(of: source, scheme)
        guard key == nil || scheme == "ssh" else {
            throw .malformed("a key is only used over `ssh://`")
        }
        let pinned = try Self.pinning(host, scheme, addresses)
        guard let header = Self.header(credential) else {
            configuration = pinned
            return
        }
        guard scheme == "https" || scheme == "http" && Self.isHere(host) else {
            throw .malformed("a credential is only sent over `https://`")
        }
        configuration = pinned + [("http.\(scheme)://\(host)/.extraHeader", header)]
    }

    /// Configuration by which the host is reached at these addresses: `HOST:PORT:ADDRESS,…`, as
    /// curl's `CURLOPT_RESOLVE` takes it.
    private static func pinning(
        _ host: Substring,
        _ scheme: String,
        _ addresses: [String]
    ) throws(GitFault) -> [(key: String, value: String)] {
        guard !addresses.isEmpty, scheme != "ssh" else { return [] }
        let parts = host.split(separator: ":", omittingEmptySubsequences: false)
        let port = parts.count == 2 ? String(parts[1]) : scheme == "https" ? "443" : "80"
        // Whatever curl would read as another name than we do is not pinned by this one.
        guard parts.count <= 2, !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            isPlainName(parts[0])
        else { throw .malformed("the source names no host that can be read from") }
        let places = addresses.map { $0.contains(":") ? "[\($0)]" : $0 }
        let place = "\(parts[0].lowercased()):\(port):\(places.joined(separator: ","))"
        return [(pin, place)]
    }

    /// Labels of letters, digits, `-` and `_`, without a dot behind the last one.
    static func isPlainName(_ host: some StringProtocol) -> Bool {
        host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                    default: false
                    }
                }
        }
    }

    /// Host and port.
    private static func host(of source: String, _ scheme: String) throws(GitFault) -> Substring {
        let rest = source.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@").last ?? ""
        guard !host.isEmpty, !host.hasPrefix("-"), !authority.hasPrefix("-") else {
            throw .malformed("the source names no host")
        }
        guard scheme == "ssh" || !authority.contains("@"), !authority.dropFirst().contains(":@")
        else { throw .malformed("the source must not hold a user or password; send them apart") }
        return host
    }

    /// Whether nobody can listen on the way: the machine's own interface.
    private static func isHere(_ host: Substring) -> Bool {
        ["127.0.0.1", "localhost", "[::1]"].contains { host == $0 || host.hasPrefix("\($0):") }
    }

    /// What `git` says about the source, without what may be secret.
    func hidden(in text: String) -> String {
        Self.withoutSecrets(text.replacing(self.text, with: "the source"))
    }

    /// A text whose URLs hold no user, no password and no query.
    static func withoutSecrets(_ text: String) -> String {
        var shown = ""
        var rest = text[...]
        while let scheme = rest.firstRange(of: "://") {
            shown += rest[..<scheme.upperBound]
            let url = rest[scheme.upperBound...].prefix { !$0.isWhitespace && $0 != "'" }
            rest = rest[url.endIndex...]
            let plain = url.prefix { $0 != "?" && $0 != "#" }
            let user = plain.prefix { $0 != "/" }.lastIndex(of: "@").map(plain.index(after:))
            shown += plain[(user ?? plain.startIndex)...]
        }
        return shown + rest
    }

    private static func header(_ credential: FetchRequest.Credential) -> String? {
        switch credential {
        case .none, .key: nil
        case .basic(let user, let password):
            "Authorization: Basic \(base64(Array("\(user):\(password)".utf8)))"
        case .bearer(let token): "Authorization: Bearer \(token.filter { !$0.isNewline })"
        }
    }

    /// RFC 4648 §4.
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
        )
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                let digit = alphabet[word >> (18 - 6 * place) & 63]
                output.append(place <= group.count ? digit : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The credential as `git` takes it: never on a command line, never in a file.
    var environment: [String: String] {
        var environment = ["GIT_CONFIG_COUNT": String(configuration.count)]
        for (index, entry) in configuration.enumerated() {
            environment["GIT_CONFIG_KEY_\(index)"] = entry.key
            environment["GIT_CONFIG_VALUE_\(index)"] = entry.value
        }
        return environment
    }
}
