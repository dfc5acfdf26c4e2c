import COpenSSL
import Foundation
import HTTP
import TestSupport

/// A certificate of our own for localhost, made anew by OpenSSL's command.
final class Certificate: Sendable {
    private let folder = TemporaryDirectory()

    var certificatePath: String { "\(folder.path)/certificate.pem" }
    var keyPath: String { "\(folder.path)/key.pem" }

    init() throws {
        try replace(name: "localhost")
    }

    /// Writes a new pair over the old one.
    func replace(name: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout", keyPath, "-out",
            certificatePath,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }

    func context() throws -> TLSContext {
        try TLSContext(certificatePath: certificatePath, keyPath: keyPath)
    }
}

/// A blocking TLS client that believes any certificate.
final class TLSClient {
    private let socket: TestClient
    private let context: OpaquePointer?
    private let session: OpaquePointer?

    init(port: UInt16, version: Int32? = nil) throws {
        socket = try TestClient(host: "127.0.0.1", port: port)
        context = SSL_CTX_new(TLS_client_method())
        if let version {
            _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
            _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
        }
        SSL_CTX_set_cipher_list(context, "DEFAULT@SECLEVEL=0")
        session = SSL_new(context)
        SSL_set_fd(session, socket.descriptor)
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    /// Whether the handshake succeeded.
    func connect() -> Bool {
        ERR_clear_error()
        return SSL_connect(session) == 1
    }

    /// The name in the server's certificate.
    var serverName: String? {
        guard let certificate = SSL_get1_peer_certificate(session) else { return nil }
        defer { X509_free(certificate) }
        var text = [CChar](repeating: 0, count: 256)
        X509_NAME_oneline(X509_get_subject_name(certificate), &text, 256)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    var version: Int32 { SSL_version(session) }

    func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        _ = SSL_write(session, bytes, Int32(bytes.count))
    }

    func shutSending() {
        SSL_shutdown(session)
    }

    func readSome() -> [UInt8]? {
        var part = [UInt8](repeating: 0, count: 65_536)
        let count = SSL_read(session, &part, 65_536)
        return count > 0 ? Array(part[..<Int(count)]) : nil
    }

    func readToEnd() -> [UInt8] {
        var all: [UInt8] = []
        while let part = readSome() { all += part }
        return all
    }

    func read(_ count: Int) -> [ReceivedResponse] {
        var all: [UInt8] = []
        while true {
            let found = ReceivedResponse.all(in: all)
            guard found.count < count, let part = readSome() else { return found }
            all += part
        }
    }

    func close() {
        socket.close()
    }
}
