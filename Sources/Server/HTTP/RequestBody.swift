/// Something that gives a request's body piece by piece.
protocol BodySource: AnyObject, Sendable {
    /// The next bytes of request `serial`, or nil at the end.
    func nextBodyPart(of serial: UInt64) async throws(BodyFault) -> [UInt8]?
}

/// The body of a request.
///
/// Bytes are taken from the client only as fast as they are asked for.
///
/// What has not been read when the response begins closes the connection after it.
package struct RequestBody: Sendable {
    private let source: (any BodySource)?
    private let serial: UInt64

    /// Its length in bytes where the client announced it; nil for a chunked one.
    package let length: Int?

    init(source: any BodySource, serial: UInt64, length: Int?) {
        self.source = source
        self.serial = serial
        self.length = length
    }

    /// The empty body.
    package init() {
        source = nil
        serial = 0
        length = 0
    }

    /// A body that is there already.
    package init(bytes: [UInt8]) {
        source = bytes.isEmpty ? nil : StoredBody(bytes)
        serial = 0
        length = bytes.count
    }

    /// The next bytes, at least one, or nil at the end.
    ///
    /// - Throws: `BodyFault` when the rest cannot arrive any more.
    package func next() async throws(BodyFault) -> [UInt8]? {
        guard let source else { return nil }
        return try await source.nextBodyPart(of: serial)
    }

    /// The whole body.
    ///
    /// - Throws: `BodyFault.tooLarge` as soon as it is clear that there are more than `limit`
    ///   bytes, before the first is read where the client announced their number; otherwise as
    ///   `next`.
    package func collect(upTo limit: Int) async throws(BodyFault) -> [UInt8] {
        var whole: [UInt8] = []
        while let part = try await next(of: whole.count, upTo: limit) {
            if whole.isEmpty { whole = part } else { whole.append(contentsOf: part) }
        }
        return whole
    }

    /// The whole body, where `takes` lets each part of it in before it is kept.
    package func collect(
        upTo limit: Int,
        _ takes: (Int) throws -> Void
    ) async throws -> [UInt8] {
        var whole: [UInt8] = []
        while let part = try await next(of: whole.count, upTo: limit) {
            try takes(part.count)
            if whole.isEmpty { whole = part } else { whole.append(contentsOf: part) }
        }
        return whole
    }

    private func next(of count: Int, upTo limit: Int) async throws(BodyFault) -> [UInt8]? {
        if count == 0, let length, length > limit { throw .tooLarge(limit: limit) }
        guard let part = try await next() else { return nil }
        guard count + part.count <= limit else { throw .tooLarge(limit: limit) }
        return part
    }
}

/// A body in memory.
// Safety: read by the one task that handles the request.
private final class StoredBody: BodySource, @unchecked Sendable {
    private var bytes: [UInt8]?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func nextBodyPart(of serial: UInt64) async throws(BodyFault) -> [UInt8]? {
        defer { bytes = nil }
        return bytes
    }
}
