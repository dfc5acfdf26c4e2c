import Domain
import JSON
import Secrets

extension ForgeWish {
    /// How a caller wants a forge to keep repositories of tenants, read from a body.
    struct Repositories: Sendable {
        /// As it is stored; whether there is a key is not known yet.
        let spec: ForgeRepositories
        /// The key to push with.
        let key: SentSecret

        init?(_ reader: inout ObjectReader, of kind: ForgeKind?, at url: String?) {
            let owner = reader.required("owner") { value throws(ReadingFault) in
                let text = try Reading.text(1...ForgeRepositories.ownerLengthMax)(value)
                guard ForgeRepositories.isOwner(text, on: kind ?? .gitlab) else {
                    throw ReadingFault("not-an-owner", "Expected an organization, group or user.")
                }
                return text
            }
            let owners = reader.array("owners", countMax: ForgeRepositories.ownersMax) {
                value throws(ReadingFault) in
                Wildcard(try Reading.text(1...ForgeRepositories.ownerLengthMax)(value))
            }
            let visibility = reader.optional(
                "visibility",
                Reading.choice(ForgeRepositories.Visibility.self)
            )
            let push = reader.optional("push", Reading.choice(ForgeRepositories.Push.self))
            let known = Self.knownHosts(&reader, of: kind, at: url)
            key = Self.key(&reader)
            if let url, !Self.isSafe(url) {
                reader.refuse("owner", "not-safe", "Repositories need a forge behind https.")
            }
            guard let owner else { return nil }
            if known.isEmpty, push == .ssh || kind.map({ $0 != .gitlab }) ?? false {
                let use = push == .ssh ? "Slipway pushes" : "clusters read"
                reader.refuse(
                    "knownHosts",
                    "missing",
                    "Say by which key its SSH server is known, from which \(use)."
                )
            }
            spec = ForgeRepositories(
                owner: owner,
                owners: owners ?? [],
                visibility: visibility ?? .private,
                push: push ?? .https,
                knownHosts: known
            )
        }

        /// Whether a token can be shown there: nobody listens on this machine's own interface.
        private static func isSafe(_ url: String) -> Bool {
            url.hasPrefix("https://")
                || ["127.0.0.1", "localhost", "[::1]"].contains { host in
                    url.hasPrefix("http://\(host):") || url.hasPrefix("http://\(host)/")
                }
        }

        /// What is left out is known of github.com alone.
        private static func knownHosts(
            _ reader: inout ObjectReader,
            of kind: ForgeKind?,
            at url: String?
        ) -> [KnownHost] {
            let sent = reader.array("knownHosts", countMax: KnownHost.countMax) {
                value throws(ReadingFault) in
                let text = try Reading.text(1...KnownHost.lengthMax)(value)
                do throws(KnownHostFault) { return try KnownHost(parsing: text) } catch {
                    throw ReadingFault("not-a-known-host", error.detail)
                }
            }
            if let sent {
                if let first = sent.first, sent.contains(where: { !$0.isBeside(first) }) {
                    reader.refuse("knownHosts", "other-host", "All lines are about one server.")
                }
                return sent
            }
            guard kind == .github, url == kind?.usualURL else { return [] }
            // Written here, and read by a test.
            return (try? KnownHost(parsing: KnownHost.github)).map { [$0] } ?? []
        }

        private static func key(_ reader: inout ObjectReader) -> SentSecret {
            let isSaid = reader.has("sshKey")
            let text = reader.optional("sshKey", orNull: true) { value throws(ReadingFault) in
                let text = try Reading.text(1...ForgeRepositories.keyLengthMax)(value)
                let lines = text.split(whereSeparator: \.isNewline).map(String.init)
                guard let first = lines.first, first.hasPrefix("-----BEGIN "),
                    first.hasSuffix(" PRIVATE KEY-----"),
                    lines.last?.hasPrefix("-----END ") ?? false,
                    text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || [10, 13].contains($0) })
                else {
                    throw ReadingFault("not-a-key", "Expected a private key as ssh-keygen writes.")
                }
                // OpenSSH says in the first bytes of a key that nothing is encrypted.
                let isOpen =
                    first.contains("OPENSSH")
                    ? lines.dropFirst().first?.hasPrefix("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU") ?? false
                    : !text.contains("ENCRYPTED")
                guard isOpen else {
                    throw ReadingFault("has-a-passphrase", "Expected a key without a passphrase.")
                }
                return lines.joined(separator: "\n") + "\n"
            }
            if let text { return .replace(SecretBytes(text)) }
            return isSaid ? .remove : .keep
        }
    }
}

extension KnownHost {
    /// Whether both lines are about one server.
    fileprivate func isBeside(_ other: KnownHost) -> Bool {
        host == other.host && port == other.port
    }
}
