import Domain
import JSON
import Secrets
import Storage

/// What a caller wants of a forge, read from a body.
struct ForgeWish: Sendable {
    /// What becomes of the token.
    enum SentToken: Sendable {
        case keep
        case remove
        case replace(SecretBytes)
    }

    let labels: Labels
    private let kind: ForgeKind
    private let url: String
    private let token: SentToken

    init?(_ reader: inout ObjectReader, _ services: APIServices) {
        let labels = reader.labels()
        let read = reader.object("spec", isRequired: true) { reader in
            let kind = reader.required("kind", Reading.choice(ForgeKind.self))
            let url = Self.url(&reader, of: kind, services)
            let token = Self.token(&reader)
            guard let kind, let url else { return (ForgeKind, String, SentToken)?.none }
            return (kind, url, token)
        }
        guard let read else { return nil }
        self.labels = labels ?? Labels()
        (kind, url, token) = read
    }

    /// The spec, of a forge that has a token already or not.
    func spec(hasToken: Bool) -> ForgeSpec {
        let willHave =
            switch token {
            case .keep: hasToken
            case .remove: false
            case .replace: true
            }
        return ForgeSpec(kind: kind, url: url, hasToken: willHave)
    }

    /// Refuses to send the token that is kept to another address than it was given for.
    func check(against forge: Forge) throws(Problem) {
        guard case .keep = token, forge.spec.hasToken, url != forge.spec.url else { return }
        throw Problem(
            .invalidInput,
            "Correct what `errors` lists and send the request again.",
            faults: [
                Fault(
                    .body(JSONPointer(["spec", "token"])),
                    code: "missing",
                    detail: "The address is another: send the token for it, or null for none."
                )
            ]
        )
    }

    /// Whether a token was sent.
    var renewsToken: Bool {
        if case .replace = token { true } else { false }
    }

    /// What becomes of the stored token.
    func change(of forge: ForgeID, _ sealer: Sealer) -> CredentialsChange {
        switch token {
        case .keep: .keep
        case .remove: .remove
        case .replace(let secret):
            .replace(sealed: sealer.seal(secret.revealed(), context: forge.tokenContext).text)
        }
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

    private static func token(_ reader: inout ObjectReader) -> SentToken {
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
