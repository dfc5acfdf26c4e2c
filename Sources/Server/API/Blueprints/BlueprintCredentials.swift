package import Domain
import JSON
package import Secrets

/// User name and password of a blueprint's repository; the password never shows itself.
package struct BlueprintCredentials: Sendable {
    /// The most characters of a user name.
    static let usernameLengthMax = 255
    /// The most characters of a password, which may be a long token.
    static let passwordLengthMax = 4_096

    package let username: String
    package let password: SecretBytes

    init(username: String, password: SecretBytes) {
        self.username = username
        self.password = password
    }

    /// The text to store, which only the owner of the sealer's key can open, and only for this
    /// blueprint.
    func sealed(for blueprint: BlueprintID, with sealer: Sealer) -> String {
        let document: JSON = [
            "username": .string(username), "password": .string(password.revealedText()),
        ]
        return sealer.seal(document.serialized(), context: Self.context(blueprint)).text
    }

    /// Opens what is stored for a blueprint.
    ///
    /// - Throws: where the text was sealed by another key or for another blueprint.
    package init(
        opening text: String,
        of blueprint: BlueprintID,
        with sealer: Sealer
    ) throws(SealFault) {
        let plain = try sealer.open(
            try SealedSecret(parsing: text),
            context: Self.context(blueprint)
        )
        let document = try? JSON.parse(plain.revealed())
        // What opens was sealed above, so both members are there.
        self.init(
            username: document?["username"]?.string ?? "",
            password: SecretBytes(document?["password"]?.string ?? "")
        )
    }

    private static func context(_ blueprint: BlueprintID) -> String {
        "blueprint/\(blueprint)/credentials"
    }
}
