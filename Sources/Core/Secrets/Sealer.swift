internal import COpenSSL

/// Encrypts small secrets for storage with AES-256-GCM (NIST SP 800-38D) under a named key.
///
/// What is sealed for one context opens for that context alone, so that a stored secret cannot be
/// moved to another row. Older keys still open what they sealed.
package struct Sealer: Sendable {
    /// Bytes of a key.
    package static let keyByteCount = 32

    /// The name of the key that seals: the start of a hash of it.
    package let keyID: String
    private let keys: [String: SecretBytes]

    /// A sealer under `key`; every key is 32 random bytes.
    package init(key: [UInt8], olderKeys: [[UInt8]] = []) {
        var keys: [String: SecretBytes] = [:]
        for key in olderKeys + [key] {
            precondition(key.count == Self.keyByteCount, "a sealing key has 32 bytes")
            keys[Self.id(of: key)] = SecretBytes(key)
        }
        self.keys = keys
        keyID = Self.id(of: key)
    }

    private static func id(of key: [UInt8]) -> String {
        Hex.encode(Array(HMACSHA256(key: key).subkey(for: "key id").prefix(4)))
    }

    /// Seals `plain` for `context`, for example `"blueprint/0190…/credential"`.
    package func seal(_ plain: [UInt8], context: String) -> SealedSecret {
        seal(plain, context: context, nonce: SecureRandom.bytes(SealedSecret.nonceByteCount))
    }

    func seal(_ plain: [UInt8], context: String, nonce: [UInt8]) -> SealedSecret {
        guard let key = keys[keyID] else { preconditionFailure("the sealing key is always kept") }
        let sealed = AES256GCM.encrypt(
            plain,
            key: key.revealed(),
            nonce: nonce,
            context: Array(context.utf8)
        )
        return SealedSecret(keyID: keyID, nonce: nonce, ciphertext: sealed)
    }

    /// What was sealed for `context`.
    ///
    /// Throws `.unknownKey` when none of the keys sealed it, `.notAuthentic` when a byte of it or
    /// its context is another one.
    package func open(_ sealed: SealedSecret, context: String) throws(SealFault) -> SecretBytes {
        guard let key = keys[sealed.keyID] else { throw .unknownKey(id: sealed.keyID) }
        let plain = AES256GCM.decrypt(
            sealed.ciphertext,
            key: key.revealed(),
            nonce: sealed.nonce,
            context: Array(context.utf8)
        )
        guard let plain else { throw .notAuthentic }
        return SecretBytes(plain)
    }
}

/// Why a sealed secret does not open.
package enum SealFault: Error, Equatable {
    /// The text is not of the form `v1.<keyid>.<nonce>.<ciphertext>`.
    case malformed
    /// It was sealed under a key that this process does not have.
    case unknownKey(id: String)
    /// It was changed, or sealed for another context.
    case notAuthentic
}

/// A secret in its stored form: `v1.<keyid>.<nonce>.<ciphertext>`, the last two in base64url.
package struct SealedSecret: Sendable, Equatable {
    static let nonceByteCount = 12
    static let tagByteCount = 16

    /// The name of the key that sealed it.
    package let keyID: String
    let nonce: [UInt8]
    /// The ciphertext with its tag of 16 bytes at the end.
    let ciphertext: [UInt8]

    init(keyID: String, nonce: [UInt8], ciphertext: [UInt8]) {
        self.keyID = keyID
        self.nonce = nonce
        self.ciphertext = ciphertext
    }

    /// Reads the stored form.
    package init(parsing text: String) throws(SealFault) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "v1", !parts[1].isEmpty,
            let nonce = Base64URL.decode(String(parts[2])), nonce.count == Self.nonceByteCount,
            let ciphertext = Base64URL.decode(String(parts[3])),
            ciphertext.count >= Self.tagByteCount
        else { throw .malformed }
        self.init(keyID: String(parts[1]), nonce: nonce, ciphertext: ciphertext)
    }

    /// The stored form.
    package var text: String {
        "v1.\(keyID).\(Base64URL.encode(nonce)).\(Base64URL.encode(ciphertext))"
    }
}

extension SealedSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SealedSecret(key \(keyID))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
