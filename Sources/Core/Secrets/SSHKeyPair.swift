internal import COpenSSL

/// A pair of Ed25519 keys (RFC 8032) in the forms that SSH uses (RFC 8709).
package struct SSHKeyPair: Sendable {
    private static let type = "ssh-ed25519"
    private static let seedBytes = 32
    private static let lineBytes = 70
    /// What an unencrypted key is filled up to a multiple of (PROTOCOL.key of OpenSSH).
    private static let blockBytes = 8

    private let seed: SecretBytes
    private let point: [UInt8]

    /// A new pair.
    package static func generate() -> SSHKeyPair {
        SSHKeyPair(seed: SecureRandom.bytes(seedBytes))
    }

    /// The pair of a seed of 32 bytes.
    init(seed: [UInt8]) {
        precondition(seed.count == Self.seedBytes, "a seed of Ed25519 has 32 bytes")
        self.seed = SecretBytes(seed)
        let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        defer { EVP_PKEY_free(key) }
        var point = [UInt8](repeating: 0, count: Self.seedBytes)
        var count = point.count
        Crypto.require(EVP_PKEY_get_raw_public_key(key, &point, &count), "Ed25519")
        self.point = point
    }

    /// The public key as one line of `authorized_keys`.
    package func publicLine(comment: String) -> String {
        "\(Self.type) \(Base64.encode(publicBlob)) \(comment)"
    }

    /// The private key as OpenSSH keeps it, without a passphrase.
    package func privateText() -> SecretBytes {
        let check = Array(SecureRandom.bytes(4))
        var secret = check + check + publicBlob
        secret += Self.field(seed.revealed() + point) + Self.field([])
        var filler: UInt8 = 1
        while secret.count % Self.blockBytes != 0 {
            secret.append(filler)
            filler += 1
        }
        let none = Self.field(Array("none".utf8))
        var bytes = Array("openssh-key-v1".utf8) + [0] + none + none + Self.field([])
        bytes += Self.number(1) + Self.field(publicBlob) + Self.field(secret)
        var text = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
        var rest = Base64.encode(bytes)[...]
        while !rest.isEmpty {
            text += rest.prefix(Self.lineBytes) + "\n"
            rest = rest.dropFirst(Self.lineBytes)
        }
        return SecretBytes(text + "-----END OPENSSH PRIVATE KEY-----\n")
    }

    private var publicBlob: [UInt8] { Self.field(Array(Self.type.utf8)) + Self.field(point) }

    /// A string of RFC 4251 §5: its length, then its bytes.
    private static func field(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }

    private static func number(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(value).bigEndian) { Array($0) }
    }
}
