import COpenSSL

/// The TLS of one connection, between two buffers in memory: it never touches the socket.
final class TLSSession {
    enum Step: Equatable {
        case done
        case wantsMore
        case failed
    }

    enum Read: Equatable {
        case bytes(Int)
        case wantsMore
        /// The client has said that it sends no more.
        case ended
        case failed
    }

    private let session: OpaquePointer
    /// Encrypted bytes from and to the client; they belong to the session.
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    init?(_ context: OpaquePointer) {
        guard let session = SSL_new(context) else { return nil }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            SSL_free(session)
            return nil
        }
        SSL_set_bio(session, incoming, outgoing)
        SSL_set_accept_state(session)
        self.session = session
        self.incoming = incoming
        self.outgoing = outgoing
    }

    deinit {
        SSL_free(session)
    }

    /// Whether bytes from the client wait to be decrypted.
    var hasIncoming: Bool {
        BIO_ctrl(incoming, BIO_CTRL_PENDING, 0, nil) > 0 || SSL_pending(session) > 0
    }

    /// Takes encrypted bytes that came from the client.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        _ = BIO_write(incoming, bytes.baseAddress, Int32(clamping: bytes.count))
    }

    /// Goes on with the handshake.
    func handshake() -> Step {
        ERR_clear_error()
        let result = SSL_do_handshake(session)
        guard result != 1 else { return .done }
        return SSL_get_error(session, result) == SSL_ERROR_WANT_READ ? .wantsMore : .failed
    }

    /// Decrypts what came.
    func read(into room: UnsafeMutableRawBufferPointer) -> Read {
        ERR_clear_error()
        var count = 0
        let result = SSL_read_ex(session, room.baseAddress, room.count, &count)
        guard result != 1 else { return .bytes(count) }
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: return .wantsMore
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: return .failed
        }
    }

    /// Encrypts `bytes`; false when the session has failed.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !bytes.isEmpty else { return true }
        ERR_clear_error()
        var count = 0
        return SSL_write_ex(session, bytes.baseAddress, bytes.count, &count) == 1
            && count == bytes.count
    }

    /// Tells the client that no more is sent (RFC 8446 §6.1).
    func end() {
        ERR_clear_error()
        _ = SSL_shutdown(session)
    }

    /// Moves encrypted bytes for the client to `buffer`.
    func takeOutgoing(into buffer: ByteBuffer) {
        while true {
            let pending = BIO_ctrl(outgoing, BIO_CTRL_PENDING, 0, nil)
            guard pending > 0 else { return }
            buffer.fill(atLeast: pending) { room in
                Int(BIO_read(outgoing, room.baseAddress, Int32(clamping: pending)))
            }
        }
    }

    /// Whether encrypted bytes wait to be taken.
    var hasOutgoing: Bool { BIO_ctrl(outgoing, BIO_CTRL_PENDING, 0, nil) > 0 }
}
