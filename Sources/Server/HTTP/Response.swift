/// What a handler answers.
///
/// The server adds Date, Connection and the fields that frame the body.
package struct Response: Sendable {
    /// How it went.
    package var status: Status
    /// The handler's own fields.
    package var headers: ResponseHeaders
    /// What follows the head; left out in answers to HEAD, whose length is told all the same.
    package var body: ResponseBody
    /// A number of the handler's own that comes back in `Exchange`, such as a route's.
    package var tag: Int

    /// An answer made of its parts.
    package init(
        status: Status,
        headers: ResponseHeaders = ResponseHeaders(),
        body: ResponseBody = .empty,
        tag: Int = -1
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.tag = tag
    }
}

/// The body of a response.
package enum ResponseBody: Sendable {
    case empty
    case bytes([UInt8])
    /// A body that is written while it is sent; without a length it goes out in chunks. When the
    /// closure throws, the connection is cut off so that the client sees that the body is not
    /// whole.
    case stream(length: Int?, @Sendable (BodyWriter) async throws -> Void)

    var isStream: Bool {
        if case .stream = self { return true }
        return false
    }

    /// The whole body in memory, for tests of handlers.
    ///
    /// - Throws: what the stream throws.
    package func collect() async throws -> [UInt8] {
        switch self {
        case .empty: return []
        case .bytes(let bytes): return bytes
        case .stream(_, let write):
            let sink = StoredSink()
            try await write(BodyWriter(sink: sink, serial: 0))
            return sink.bytes
        }
    }
}

/// Something that takes a response's body piece by piece.
protocol BodySink: AnyObject, Sendable {
    /// Takes `bytes` as part of response `serial`, and waits while too many are under way.
    func write(_ bytes: UnsafeRawBufferPointer, of serial: UInt64)
    /// Waits until there is room for more.
    func room(of serial: UInt64) async throws(StreamFault)
    /// Waits until the kernel has taken everything.
    func flush(of serial: UInt64) async throws(StreamFault)
}

/// The way from a streaming handler to its client.
package struct BodyWriter: Sendable {
    private let sink: any BodySink
    private let serial: UInt64

    init(sink: any BodySink, serial: UInt64) {
        self.sink = sink
        self.serial = serial
    }

    /// Sends `bytes` at the end of the loop's tick; waits while the client lags behind.
    ///
    /// - Throws: `StreamFault` when the client is gone or the announced length is exceeded.
    package func write(_ bytes: [UInt8]) async throws(StreamFault) {
        bytes.withUnsafeBytes { sink.write($0, of: serial) }
        try await sink.room(of: serial)
    }

    /// Sends `text` as UTF-8; otherwise as `write(_:)`.
    ///
    /// - Throws: `StreamFault` as there.
    package func write(_ text: String) async throws(StreamFault) {
        try await write(Array(text.utf8))
    }

    /// Waits until everything written has left the process.
    ///
    /// - Throws: `StreamFault` when the client is gone.
    package func flush() async throws(StreamFault) {
        try await sink.flush(of: serial)
    }
}

// Safety: used by the one task that collects.
private final class StoredSink: BodySink, @unchecked Sendable {
    var bytes: [UInt8] = []

    func write(_ bytes: UnsafeRawBufferPointer, of serial: UInt64) {
        self.bytes.append(contentsOf: bytes)
    }

    func room(of serial: UInt64) async throws(StreamFault) {}
    func flush(of serial: UInt64) async throws(StreamFault) {}
}
