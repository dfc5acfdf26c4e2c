import COpenSSL
import Synchronization

/// A certificate and its key for TLS 1.2 and 1.3; connections made after a reload use the new one.
package final class TLSContext: Sendable {
    private let certificatePath: String
    private let keyPath: String
    private let current: Mutex<SettingsHandle>

    /// Reads the PEM files; the certificate's file may hold its chain too.
    ///
    /// - Throws: `TLSFault` when they cannot be read or do not belong together.
    package init(certificatePath: String, keyPath: String) throws(TLSFault) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        current = Mutex(try SettingsHandle(certificatePath: certificatePath, keyPath: keyPath))
    }

    /// Reads the files again; open connections go on as they are.
    ///
    /// After a fault the old certificate stays in use.
    ///
    /// - Throws: `TLSFault` as `init`.
    package func reload() throws(TLSFault) {
        let fresh = try SettingsHandle(certificatePath: certificatePath, keyPath: keyPath)
        current.withLock { $0 = fresh }
    }

    /// The server's side of a new connection.
    func session() -> TLSSession? {
        current.withLock { TLSSession($0.pointer) }
    }
}

/// Why a certificate cannot be used.
package struct TLSFault: Error, Sendable, CustomStringConvertible {
    /// A sentence that names the file and says what is wrong.
    package let description: String
}

/// OpenSSL's settings for connections; each connection holds its own reference to them.
// Safety: OpenSSL counts references to an SSL_CTX atomically, and it is not changed after `init`.
private final class SettingsHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(certificatePath: String, keyPath: String) throws(TLSFault) {
        ERR_clear_error()
        guard let pointer = SSL_CTX_new(TLS_server_method()) else {
            throw TLSFault(description: "OpenSSL gave no context: \(TLSError.reason())")
        }
        self.pointer = pointer
        configure()
        guard SSL_CTX_use_certificate_chain_file(pointer, certificatePath) == 1 else {
            throw TLSFault(
                description:
                    "The certificate \(certificatePath) cannot be read or is no PEM chain: "
                    + TLSError.reason()
            )
        }
        guard SSL_CTX_use_PrivateKey_file(pointer, keyPath, SSL_FILETYPE_PEM) == 1 else {
            throw TLSFault(
                description: "The key \(keyPath) cannot be read or is not the certificate's: "
                    + TLSError.reason()
            )
        }
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    private func configure() {
        _ = SSL_CTX_ctrl(
            pointer,
            SSL_CTRL_SET_MIN_PROTO_VERSION,
            Int(TLS1_2_VERSION),
            nil
        )
        // An idle connection gives its buffers back.
        _ = SSL_CTX_ctrl(pointer, SSL_CTRL_MODE, Int(SSL_MODE_RELEASE_BUFFERS), nil)
        let noRenegotiation: UInt64 = 1 << 30  // SSL_OP_NO_RENEGOTIATION, a macro with a cast
        let serverPreference: UInt64 = 1 << 22  // SSL_OP_CIPHER_SERVER_PREFERENCE
        _ = SSL_CTX_set_options(pointer, noRenegotiation | serverPreference)
        // TLS 1.2 with forward secrecy and authenticated encryption only.
        _ = SSL_CTX_set_cipher_list(pointer, "ECDHE+AESGCM:ECDHE+CHACHA20")
        SSL_CTX_set_alpn_select_cb(pointer, chooseProtocol, nil)
    }
}

/// ALPN (RFC 7301): `http/1.1` where it is offered; other offers are passed over in silence.
private func chooseProtocol(
    _ session: OpaquePointer?,
    _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ chosenLength: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?,
    _ offeredLength: UInt32,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let offered else { return SSL_TLSEXT_ERR_NOACK }
    var place = 0
    while place < Int(offeredLength) {
        let count = Int(offered[place])
        guard place + 1 + count <= Int(offeredLength) else { break }
        let name = UnsafeRawBufferPointer(start: offered + place + 1, count: count)
        if name.equals("http/1.1") {
            chosen?.pointee = offered + place + 1
            chosenLength?.pointee = UInt8(count)
            return SSL_TLSEXT_ERR_OK
        }
        place += 1 + count
    }
    return SSL_TLSEXT_ERR_NOACK
}

/// OpenSSL's own words for what went wrong on this thread.
enum TLSError {
    private static let systemFlag: UInt = 1 << 31

    static func reason() -> String {
        let code = ERR_get_error()
        defer { ERR_clear_error() }
        // OpenSSL 3 has no words for what the system says: errno, under the highest of 32 bits.
        if code & systemFlag != 0 {
            return String(cString: strerror(Int32(truncatingIfNeeded: code & (systemFlag - 1))))
        }
        guard code != 0, let text = ERR_reason_error_string(code) else { return "unknown reason" }
        return String(cString: text)
    }
}
