/// Where a fetch comes from, checked before it reaches a command line.
struct FetchSource: Sendable {
    /// The URL or path as `git` gets it.
    let text: String
    /// The one protocol that `git` may speak.
    let allowedProtocol: String
    /// Configuration that carries the credential, by way of the environment.
    let configuration: [(key: String, value: String)]

    /// The folder of this machine that it names; nil where it is somewhere else.
    var folder: String? {
        guard allowedProtocol == "file" else { return nil }
        return text.hasPrefix("/") ? text : String(text.dropFirst("file://".count))
    }

    /// The longest URL, in bytes.
    private static let bytesMax = 2_048

    init(parsing request: FetchRequest) throws(GitFault) {
        let source = request.source
        let isClean = source.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        guard !source.isEmpty, source.utf8.count <= Self.bytesMax, isClean else {
            throw .malformed("the source must be a URL or an absolute path without white space")
        }
        text = source
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
        let rest = source.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@").last ?? ""
        guard !host.isEmpty, !host.hasPrefix("-"), !authority.hasPrefix("-") else {
            throw .malformed("the source names no host")
        }
        guard scheme == "ssh" || !authority.contains("@"), !authority.dropFirst().contains(":@")
        else { throw .malformed("the source must not hold a user or password; send them apart") }
        guard let header = Self.header(request.credential) else {
            configuration = []
            return
        }
        guard scheme == "https" else {
            throw .malformed("a credential is only sent over `https://`")
        }
        configuration = [("http.https://\(host)/.extraHeader", header)]
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
        case .none: nil
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
