internal import COpenSSL

/// SHA-256 (FIPS 180-4): at once, or piece by piece for what does not fit in memory.
package struct SHA256: ~Copyable {
    /// Bytes of a hash.
    package static let byteCount = 32

    private let context: OpaquePointer

    /// The hash of nothing yet.
    package init() {
        context = Crypto.required(EVP_MD_CTX_new(), "a SHA-256 context")
        Crypto.require(EVP_DigestInit_ex(context, Crypto.sha256.raw, nil), "SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes to what is hashed.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        Crypto.require(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count), "SHA-256")
    }

    /// Adds bytes to what is hashed.
    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// The 32 bytes of the hash of everything added.
    package consuming func finish() -> [UInt8] {
        let context = context
        return [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            Crypto.require(EVP_DigestFinal_ex(context, buffer.baseAddress, nil), "SHA-256")
            count = Self.byteCount
        }
    }

    /// The 32 bytes of the hash of `bytes`.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            Crypto.require(
                EVP_Digest(
                    bytes.baseAddress,
                    bytes.count,
                    buffer.baseAddress,
                    nil,
                    Crypto.sha256.raw,
                    nil
                ),
                "SHA-256"
            )
            count = byteCount
        }
    }

    /// The 32 bytes of the hash of `bytes`.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { hash($0) } }

    /// The 32 bytes of the hash of a text's UTF-8.
    package static func hash(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }
}
