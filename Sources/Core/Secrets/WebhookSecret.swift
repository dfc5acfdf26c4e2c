/// The secret with which a webhook's messages are signed, by the Standard Webhooks specification
/// (1.0.0): HMAC-SHA256, shown as `whsec_` with base64 behind it.
///
/// Describes itself without the secret.
package struct WebhookSecret: Sendable {
    /// Bytes of a new key: 32, of the 24 to 64 that are allowed.
    package static let keyByteCount = 32
    private static let prefix = "whsec_"

    private let key: SecretBytes

    private init(_ key: [UInt8]) { self.key = SecretBytes(key) }

    /// A new secret.
    package static func generate() -> WebhookSecret {
        WebhookSecret(SecureRandom.bytes(keyByteCount))
    }

    /// Reads the text form; nil where it is none.
    package init?(parsing text: String) {
        guard text.hasPrefix(Self.prefix),
            let key = Base64.decode(String(text.dropFirst(Self.prefix.count))),
            (24...64).contains(key.count)
        else { return nil }
        self.init(key)
    }

    /// The text form, for the one place that must have it.
    package func revealedText() -> String { Self.prefix + Base64.encode(key.revealed()) }

    /// The signature of one message as it stands in `webhook-signature`: `v1,` and base64.
    ///
    /// `timestamp`: seconds since 1970.
    package func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let message = Array("\(id).\(timestamp).".utf8) + body
        return "v1," + Base64.encode(HMACSHA256(key: key.revealed()).sign(message))
    }
}

extension WebhookSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "WebhookSecret(withheld)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
