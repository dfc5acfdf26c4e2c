import Domain
import JSON
import Secrets
import Storage

/// What a caller wants of a forge, read from a body.
struct ForgeWish: Sendable {
    /// What becomes of a secret.
    enum SentSecret: Sendable {
        case keep
        case remove
        case replace(SecretBytes)

        /// Whether there is a secret afterwards, where there was one before or not.
        func isThere(after before: Bool) -> Bool {
            switch self {
            case .keep: before
            case .remove: false
            case .replace: true
            }
        }

        /// Whether another one was sent.
        var isRenewal: Bool {
            if case .replace = self { true } else { false }
        }

        /// What becomes of the stored one.
        func change(in context: String, _ sealer: Sealer) -> CredentialsChange {
            switch self {
            case .keep: .keep
            case .remove: .remove
            case .replace(let secret):
                .replace(sealed: sealer.seal(secret.revealed(), context: context).text)
            }
        }
    }

    let labels: Labels
    private let kind: ForgeKind
    private let url: String
    private let token: SentSecret
    private let repositories: Repositories?
    private let sources: [Wildcard]?

    init?(_ reader: inout ObjectReader, _ services: APIServices) {
        let labels = reader.labels()
        let read = reader.object("spec", isRequired: true) { reader in
            let kind = reader.required("kind", Reading.choice(ForgeKind.self))
            let url = Self.url(&reader, of: kind, services)
            let token = Self.token(&reader)
            let repositories = reader.object("repositories", orNull: true) { reader in
                Repositories(&reader, of: kind, at: url)
            }
            let sources = Self.sources(&reader)
            guard let kind, let url else {
                return (ForgeKind, String, SentSecret, Repositories?, [Wildcard]?)?.none
            }
            return (kind, url, token, repositories, sources)
        }
        guard let read else { return nil }
        self.labels = labels ?? Labels()
        (kind, url, token, repositories, sources) = read
    }

    /// The spec; `current` is the one that the forge has already.
    func spec(keeping current: ForgeSpec?) -> ForgeSpec {
        ForgeSpec(
            kind: kind,
            url: url,
            hasToken: token.isThere(after: current?.hasToken ?? false),
            repositories: repositories.map { sent in
                var spec = sent.spec
                spec.hasKey = sent.key.isThere(after: current?.repositories?.hasKey ?? false)
                return spec
            },
            sources: sources
        )
    }

    /// Refuses what the forge cannot do with the secrets that it has, and to send the token that
    /// is kept to another address than it was given for.
    func check(against forge: Forge?) throws(Problem) {
        var faults: [Fault] = []
        func refuse(_ place: [String], _ detail: String) {
            let pointer = JSONPointer(["spec"] + place)
            faults.append(Fault(.body(pointer), code: "missing", detail: detail))
        }
        let wanted = spec(keeping: forge?.spec)
        if let forge, case .keep = token, forge.spec.hasToken, url != forge.spec.url {
            refuse(
                ["token"],
                "The address is another: send the token for it, or null for none."
            )
        } else if wanted.repositories != nil, !wanted.hasToken {
            refuse(["token"], "Repositories are made with the forge's token.")
        }
        if let repositories = wanted.repositories, repositories.push == .ssh, !repositories.hasKey {
            refuse(["repositories", "sshKey"], "Commits are pushed over SSH with a key.")
        }
        guard faults.isEmpty else {
            throw Problem(invalid: faults)
        }
    }

    /// Whether a secret was sent.
    var renewsSecrets: Bool { token.isRenewal || repositories?.key.isRenewal ?? false }

    /// What becomes of the stored secrets.
    func change(of forge: ForgeID, _ sealer: Sealer) -> ForgeSecretsChange {
        ForgeSecretsChange(
            token: token.change(in: forge.tokenContext, sealer),
            key: repositories?.key.change(in: forge.keyContext, sealer) ?? .remove
        )
    }

    private static func url(
        _ reader: inout ObjectReader,
        of kind: ForgeKind?,
        _ services: APIServices
    ) -> String? {
        let isSaid = reader.has("url")
        let url = reader.optional("url") { value throws(ReadingFault) in
            var url = try Reading.text(1...ForgeSpec.urlLengthMax)(value)
            while url.hasSuffix("/") { url.removeLast() }
            guard !url.contains("?"), !url.contains("#") else {
                throw ReadingFault("not-an-address", "Expected the base of the forge's API.")
            }
            if let refusal = services.forges.refusalOfAddress(url) {
                throw ReadingFault("not-reachable", refusal)
            }
            return url
        }
        if isSaid { return url }
        if let kind, kind.usualURL == nil {
            reader.refuse("url", "missing", "Say where it is: https://git.example.com/api/v1.")
        }
        return kind?.usualURL
    }

    private static func sources(_ reader: inout ObjectReader) -> [Wildcard]? {
        reader.array("sources", orNull: true, countMax: ForgeSpec.sourcesMax) {
            value throws(ReadingFault) in
            Wildcard(try Reading.text(1...Wildcard.lengthMax)(value))
        }
    }

    private static func token(_ reader: inout ObjectReader) -> SentSecret {
        let isSaid = reader.has("token")
        let text = reader.optional("token", orNull: true) { value throws(ReadingFault) in
            let text = try Reading.text(1...ForgeSpec.tokenLengthMax)(value)
            guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw ReadingFault("bad-character", "A token is made of visible ASCII.")
            }
            return text
        }
        if let text { return .replace(SecretBytes(text)) }
        return isSaid ? .remove : .keep
    }
}
