internal import COpenSSL

/// The algorithms of libcrypto, looked up once, and what happens when the library itself fails.
enum Crypto {
    /// An algorithm that libcrypto handed out for the life of the process.
    // Safety: libcrypto's fetched algorithms are immutable and counted atomically; they are
    // never freed here.
    struct Algorithm: @unchecked Sendable {
        let raw: OpaquePointer
    }

    static let sha256 = Algorithm(raw: required(EVP_MD_fetch(nil, "SHA256", nil), "SHA-256"))
    static let aes256GCM = Algorithm(
        raw: required(EVP_CIPHER_fetch(nil, "AES-256-GCM", nil), "AES-256-GCM")
    )
    static let hmac = Algorithm(raw: required(EVP_MAC_fetch(nil, "HMAC", nil), "HMAC"))

    /// Stops the process when libcrypto cannot do `what`, which no input can bring about.
    static func require(_ result: Int32, _ what: StaticString) {
        precondition(result == 1, "OpenSSL could not provide \(what)")
    }

    /// The handle that libcrypto returned, or the end of the process with a sentence.
    static func required(_ pointer: OpaquePointer?, _ what: StaticString) -> OpaquePointer {
        guard let pointer else { preconditionFailure("OpenSSL could not provide \(what)") }
        return pointer
    }
}

/// Comparison that takes the same time wherever the texts differ.
package enum ConstantTime {
    /// Whether both are the same bytes; only their lengths show in the time it takes.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count
            && left.withUnsafeBytes { left in
                right.withUnsafeBytes { right in
                    left.isEmpty
                        || CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
                }
            }
    }
}
