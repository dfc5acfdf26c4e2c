import Domain
import JSON
import Secrets
import Storage

/// What a caller wants of a blueprint, read from a body.
struct BlueprintWish: Sendable {
    /// What the body says about credentials.
    enum Credentials: Sendable {
        /// Nothing: they stay as they are.
        case keep
        case remove
        case replace(BlueprintCredentials)
    }

    let labels: Labels
    /// Without the user name, which comes with the credentials.
    private let bare: BlueprintSpec
    let credentials: Credentials

    init?(_ reader: inout ObjectReader) {
        let labels = reader.labels()
        let read = reader.object("spec", isRequired: true) { reader in
            let displayName = reader.optional("displayName", Reading.text(0...200))
            let credentials = Self.credentials(&reader)
            let spec = Self.spec(&reader, displayName: displayName)
            return spec.map { ($0, credentials) }
        }
        guard let read else { return nil }
        self.labels = labels ?? Labels()
        bare = read.0
        credentials = read.1
    }

    /// The whole spec, given the user name that is stored now.
    ///
    /// - Throws: `invalid-input` where credentials would be sent in clear.
    func spec(keeping username: String?) throws(Problem) -> BlueprintSpec {
        var spec = bare
        switch credentials {
        case .keep: spec.username = username
        case .remove: spec.username = nil
        case .replace(let credentials): spec.username = credentials.username
        }
        guard spec.username == nil || spec.url.hasPrefix("https://") else {
            let fault = Fault(
                .body(JSONPointer(["spec", "source", "url"])),
                code: "credentials-need-https",
                detail: "Credentials are only sent over `https://`; change the URL, or send "
                    + "`\"credentials\": null`."
            )
            throw Problem(invalid: [fault])
        }
        return spec
    }

    /// What becomes of the stored credentials.
    func change(of blueprint: BlueprintID, _ sealer: Sealer) -> CredentialsChange {
        switch credentials {
        case .keep: .keep
        case .remove: .remove
        case .replace(let credentials):
            .replace(sealed: credentials.sealed(for: blueprint, with: sealer))
        }
    }

    private static func spec(
        _ reader: inout ObjectReader,
        displayName: String?
    ) -> BlueprintSpec? {
        reader.object("source", isRequired: true) { reader in
            let url = reader.required("url", Reading.repositoryURL)
            let branch = reader.optional("branch", Reading.text(1...255))
            let pattern = reader.optional("tagPattern", Reading.tagPattern)
            return url.map { url in
                BlueprintSpec(
                    displayName: displayName,
                    url: url,
                    branch: branch,
                    tagPattern: pattern ?? BlueprintSpec.tagPatternDefault
                )
            }
        }
    }

    private static func credentials(_ reader: inout ObjectReader) -> Credentials {
        let isSaid = reader.has("credentials")
        let credentials = reader.object("credentials", orNull: true) { reader in
            let username = reader.required(
                "username",
                Reading.text(1...BlueprintCredentials.usernameLengthMax)
            )
            let password = reader.required(
                "password",
                Reading.text(1...BlueprintCredentials.passwordLengthMax)
            )
            guard let username, let password else { return nil as BlueprintCredentials? }
            return BlueprintCredentials(username: username, password: SecretBytes(password))
        }
        if let credentials { return .replace(credentials) }
        return isSaid ? .remove : .keep
    }
}

extension Reading {
    /// Where a repository is: a URL without credentials, or an absolute path.
    static func repositoryURL(_ value: JSON) throws(ReadingFault) -> String {
        let url = try text(1...BlueprintSpec.urlLengthMax)(value)
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw ReadingFault("invalid-url", "A URL holds no white space and no controls.")
        }
        if url.hasPrefix("/") || url.hasPrefix("file:///") { return url }
        let schemes = ["https://", "http://", "ssh://"]
        guard let scheme = schemes.first(where: { url.hasPrefix($0) }) else {
            throw ReadingFault(
                "invalid-url",
                "Expected `https://…`, `http://…` (without credentials), `ssh://…`, "
                    + "`file:///…` or an absolute path."
            )
        }
        let authority = url.dropFirst(scheme.count).prefix { $0 != "/" }
        guard !authority.isEmpty, !authority.hasPrefix("-") else {
            throw ReadingFault("invalid-url", "The URL names no host.")
        }
        guard scheme == "ssh://" || !authority.contains("@") else {
            throw ReadingFault(
                "invalid-url",
                "Send user name and password in `credentials`, not in the URL."
            )
        }
        return url
    }

    /// Which tags are versions: text with exactly one `*`.
    static func tagPattern(_ value: JSON) throws(ReadingFault) -> String {
        let pattern = try text(1...255)(value)
        guard pattern.filter({ $0 == "*" }).count == 1 else {
            throw ReadingFault(
                "invalid-pattern",
                "Expected one `*`, which stands for the SemVer."
            )
        }
        return pattern
    }
}
