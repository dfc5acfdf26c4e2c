internal import COpenSSL

/// AES-256 in Galois/Counter Mode with a nonce of 96 bits and a tag of 128.
enum AES256GCM {
    /// The ciphertext of `plain`, followed by the tag.
    static func encrypt(
        _ plain: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        context: [UInt8]
    ) -> [UInt8] {
        let cipher = CipherContext()
        let tagCount = SealedSecret.tagByteCount
        return [UInt8](unsafeUninitializedCapacity: plain.count + tagCount) { buffer, count in
            var written: Int32 = 0
            Crypto.require(
                EVP_EncryptInit_ex2(cipher.raw, Crypto.aes256GCM.raw, key, nonce, nil),
                "AES-GCM"
            )
            Crypto.require(
                EVP_EncryptUpdate(cipher.raw, nil, &written, context, Int32(context.count)),
                "AES-GCM"
            )
            Crypto.require(
                EVP_EncryptUpdate(
                    cipher.raw,
                    buffer.baseAddress,
                    &written,
                    plain,
                    Int32(plain.count)
                ),
                "AES-GCM"
            )
            var rest: Int32 = 0
            let end = buffer.baseAddress.map { $0 + plain.count }
            Crypto.require(EVP_EncryptFinal_ex(cipher.raw, end, &rest), "AES-GCM")
            Crypto.require(
                EVP_CIPHER_CTX_ctrl(cipher.raw, EVP_CTRL_AEAD_GET_TAG, Int32(tagCount), end),
                "AES-GCM"
            )
            count = plain.count + tagCount
        }
    }

    /// The plain bytes, or nil when ciphertext, tag, nonce, key or context do not belong together.
    static func decrypt(
        _ sealed: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        context: [UInt8]
    ) -> [UInt8]? {
        let cipher = CipherContext()
        let plainCount = sealed.count - SealedSecret.tagByteCount
        guard plainCount >= 0 else { return nil }
        var tag = Array(sealed[plainCount...])
        var isAuthentic = false
        let plain = [UInt8](unsafeUninitializedCapacity: plainCount + 1) { buffer, count in
            var written: Int32 = 0
            Crypto.require(
                EVP_DecryptInit_ex2(cipher.raw, Crypto.aes256GCM.raw, key, nonce, nil),
                "AES-GCM"
            )
            Crypto.require(
                EVP_DecryptUpdate(cipher.raw, nil, &written, context, Int32(context.count)),
                "AES-GCM"
            )
            Crypto.require(
                EVP_DecryptUpdate(
                    cipher.raw,
                    buffer.baseAddress,
                    &written,
                    sealed,
                    Int32(plainCount)
                ),
                "AES-GCM"
            )
            Crypto.require(
                EVP_CIPHER_CTX_ctrl(
                    cipher.raw,
                    EVP_CTRL_AEAD_SET_TAG,
                    Int32(tag.count),
                    &tag
                ),
                "AES-GCM"
            )
            var rest: Int32 = 0
            let end = buffer.baseAddress.map { $0 + plainCount }
            isAuthentic = EVP_DecryptFinal_ex(cipher.raw, end, &rest) == 1
            if !isAuthentic { OPENSSL_cleanse(buffer.baseAddress, plainCount) }
            count = isAuthentic ? plainCount : 0
        }
        if !isAuthentic { ERR_clear_error() }
        return isAuthentic ? plain : nil
    }
}

/// Owner of one `EVP_CIPHER_CTX`.
private struct CipherContext: ~Copyable {
    let raw: OpaquePointer

    init() { raw = Crypto.required(EVP_CIPHER_CTX_new(), "a cipher context") }

    deinit { EVP_CIPHER_CTX_free(raw) }
}
