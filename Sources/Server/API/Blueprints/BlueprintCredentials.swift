import Domain
import Secrets

/// User name and password of a blueprint's repository; the password never shows itself.
struct BlueprintCredentials: Sendable {
    /// The most characters of a user name.
    static let usernameLengthMax = 255
    /// The most characters of a password, which may be a long token.
    static let passwordLengthMax = 4_096

    /// Part of the spec, and shown.
    let username: String
    private let password: SecretBytes

    init(username: String, password: SecretBytes) {
        self.username = username
        self.password = password
    }

    /// The password as it is stored: only the owner of the sealer's key can open it, and only for
    /// this blueprint.
    func sealed(for blueprint: BlueprintID, with sealer: Sealer) -> String {
        sealer.seal(password.revealed(), context: blueprint.credentialContext).text
    }
}
