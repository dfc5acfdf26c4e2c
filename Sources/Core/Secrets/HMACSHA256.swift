internal import COpenSSL

/// HMAC with SHA-256 (RFC 2104) under one key; safe to share between threads.
package final class HMACSHA256: Sendable {
    private let keyed: MACContext

    /// A signer under `key`, of any length above zero; 32 bytes are right.
    package init(key: [UInt8]) {
        precondition(!key.isEmpty, "an HMAC key has at least one byte")
        keyed = MACContext(key: key)
    }

    /// The 32 bytes that authenticate `message`.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        let context = MACContext(copying: keyed)
        return context.finish(message)
    }

    /// The 32 bytes that authenticate a text's UTF-8.
    package func sign(_ text: String) -> [UInt8] { sign(Array(text.utf8)) }

    /// Whether `signature` authenticates `message`, in constant time.
    package func verify(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        ConstantTime.areEqual(signature, sign(message))
    }

    /// A key of 32 bytes for one purpose, made from this key; other purposes tell nothing of it.
    package func subkey(for purpose: String) -> [UInt8] { sign("slipway subkey v1: " + purpose) }
}

extension HMACSHA256: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "HMACSHA256(key withheld)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Owner of one keyed `EVP_MAC_CTX`.
// Safety: after init a keyed context is only ever duplicated, which reads it; the duplicate
// belongs to one call.
private struct MACContext: ~Copyable, @unchecked Sendable {
    private let raw: OpaquePointer

    init(key: [UInt8]) {
        raw = Crypto.required(EVP_MAC_CTX_new(Crypto.hmac.raw), "an HMAC context")
        var digest = Array("SHA256\0".utf8CString)
        // The list holds the addresses of both texts, so both live until it has been read.
        let isKeyed = "digest".withCString { name in
            digest.withUnsafeMutableBufferPointer { digest in
                let parameters = [
                    OSSL_PARAM_construct_utf8_string(name, digest.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                return EVP_MAC_init(raw, key, key.count, parameters)
            }
        }
        Crypto.require(isKeyed, "HMAC")
    }

    init(copying keyed: borrowing MACContext) {
        raw = Crypto.required(EVP_MAC_CTX_dup(keyed.raw), "an HMAC context")
    }

    deinit { EVP_MAC_CTX_free(raw) }

    func finish(_ message: [UInt8]) -> [UInt8] {
        Crypto.require(EVP_MAC_update(raw, message, message.count), "HMAC")
        return [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
            Crypto.require(EVP_MAC_final(raw, buffer.baseAddress, &count, buffer.count), "HMAC")
        }
    }
}
