import CCurl
import EventLoop

/// One request on its way and its answer as it comes, with a bounded buffer between libcurl and
/// whoever reads.
// Safety: touched only on its loop's thread; what is read elsewhere are constants.
final class Transfer: @unchecked Sendable {
    /// The bytes of an answer that may wait for their reader: with more, the server is held back.
    static let bufferBytesMax = 256 << 10

    /// By which libcurl knows the transfer.
    let key: UnsafeMutableRawPointer
    private let easy: EasyHandle
    private var parser = HeadParser()
    private var head: OutboundHead?
    private var buffer: [UInt8] = []
    private var isHeldBack = false
    /// Why the transfer was stopped from this side.
    private var ownFault: OutboundFault?
    private var end: Result<Void, OutboundFault>?
    private var headReader: Wakeup<OutboundHead, OutboundFault>?
    private var bytesReader: Wakeup<[UInt8]?, OutboundFault>?

    /// - Throws: `.malformed` where the request cannot be sent as it is.
    init(
        _ request: OutboundRequest,
        within addresses: AddressLimits
    ) throws(OutboundFault) {
        easy = try EasyHandle.make(request, within: addresses)
        key = UnsafeMutableRawPointer(easy.raw)
        try easy.deliver(
            bytes: { bytes, size, count, context in
                Transfer.of(context).received(
                    UnsafeRawBufferPointer(start: bytes, count: size * count)
                )
            },
            lines: { bytes, size, count, context in
                Transfer.of(context).receivedLine(
                    UnsafeRawBufferPointer(start: bytes, count: size * count)
                )
            },
            to: Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer {
        guard let context else {
            preconditionFailure("libcurl hands back the context it was given")
        }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    var isOver: Bool { end != nil }

    /// Whether the buffer has room again for what the server holds back.
    var canGoOn: Bool { isHeldBack && buffer.count <= Self.bufferBytesMax / 2 }

    /// Gives the head as soon as it is there.
    func readHead(_ reader: Wakeup<OutboundHead, OutboundFault>) {
        if let head { return reader.resume(returning: head) }
        if case .failure(let fault) = end { return reader.resume(throwing: fault) }
        headReader = reader
    }

    /// Gives what has come since the last call as soon as there is something; nil at the end.
    func readBytes(_ reader: Wakeup<[UInt8]?, OutboundFault>) {
        precondition(bytesReader == nil, "one task reads an answer")
        bytesReader = reader
        deliver()
    }

    /// libcurl says that the transfer is over.
    func end(_ code: CURLcode) {
        if let ownFault { return end(ownFault) }
        guard code == CURLE_OK else { return end(fault(code)) }
        guard head != nil else { return end(.brokenOff("the server gave no answer")) }
        end = .success(())
        deliver()
    }

    /// The transfer is over before its end.
    func end(_ fault: OutboundFault) {
        guard end == nil else { return }
        end = .failure(fault)
        headReader?.resume(throwing: fault)
        headReader = nil
        deliver()
    }

    private func received(_ bytes: UnsafeRawBufferPointer) -> Int {
        if !buffer.isEmpty, buffer.count + bytes.count > Self.bufferBytesMax {
            isHeldBack = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        isHeldBack = false
        buffer.append(contentsOf: bytes)
        deliver()
        return bytes.count
    }

    private func receivedLine(_ line: UnsafeRawBufferPointer) -> Int {
        switch parser.received(line) {
        case .none:
            return line.count
        case .complete(let head):
            self.head = head
            headReader?.resume(returning: head)
            headReader = nil
            return line.count
        case .tooLarge:
            ownFault = .tooLarge(limit: HeadParser.bytesMax)
            return 0
        }
    }

    private func deliver() {
        guard let reader = bytesReader else { return }
        if !buffer.isEmpty {
            bytesReader = nil
            let bytes = buffer
            buffer = []
            return reader.resume(returning: bytes)
        }
        guard let end else { return }
        bytesReader = nil
        switch end {
        case .success: reader.resume(returning: nil)
        case .failure(let fault): reader.resume(throwing: fault)
        }
    }

    private func fault(_ code: CURLcode) -> OutboundFault {
        let reason = easy.reason(code)
        if let refused = easy.refusedAddress {
            return .malformed("the server's name leads to \(refused), where no request may go")
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: return .unreachable(reason)
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(reason)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .malformed(reason)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            return .untrusted(reason)
        default: return .brokenOff(reason)
        }
    }
}
