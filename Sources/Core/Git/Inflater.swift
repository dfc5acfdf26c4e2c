import CZlib

/// Decompresses a gzip stream piece by piece, within a limit.
// Safety: used by one task at a time.
final class Inflater: @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>
    private var remaining: Int
    /// Whether the compressed stream has come to its own end.
    private(set) var isFinished = false

    /// zlib's window for gzip only: 15 bits, plus 16 (zlib.h, inflateInit2).
    private static let gzipWindowBits: Int32 = 15 + 16
    private static let pieceBytes = 64 << 10

    /// At most `limit` bytes may come out of it.
    init(limit: Int) throws(GitFault) {
        remaining = limit
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = inflateInit2_(
            stream,
            Self.gzipWindowBits,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard code == Z_OK else { throw .failed("zlib could not be started") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Takes a compressed piece and hands every decompressed one over before it makes the next,
    /// so that a small piece cannot fill the memory.
    func inflate(
        _ input: [UInt8],
        _ output: ([UInt8]) async throws(GitFault) -> Void
    ) async throws(GitFault) {
        guard !input.isEmpty else { return }
        guard !isFinished else { throw .malformed("bytes follow the compressed body") }
        var rest = input[...]
        while true {
            let (piece, taken) = try step(rest)
            rest = rest.dropFirst(taken)
            if !piece.isEmpty { try await output(piece) }
            if isFinished || (rest.isEmpty && piece.count < Self.pieceBytes) { break }
        }
        guard rest.isEmpty else { throw .malformed("bytes follow the compressed body") }
    }

    private func step(_ input: ArraySlice<UInt8>) throws(GitFault) -> (piece: [UInt8], taken: Int) {
        var taken = 0
        var code = Z_OK
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
            input.withUnsafeBufferPointer { source in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.pointee.avail_in = uInt(source.count)
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = uInt(buffer.count)
                code = CZlib.inflate(stream, Z_NO_FLUSH)
                taken = source.count - Int(stream.pointee.avail_in)
                count = buffer.count - Int(stream.pointee.avail_out)
            }
        }
        switch code {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isFinished = true
        default: throw .malformed("the body is not compressed with gzip")
        }
        remaining -= piece.count
        guard remaining >= 0 else { throw .tooLarge("the body is larger than is taken") }
        return (piece, taken)
    }
}
