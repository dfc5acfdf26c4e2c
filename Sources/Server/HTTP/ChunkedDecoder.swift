/// Finds the data in a body of chunks (RFC 9112 §7.1) that arrives in any portions.
///
/// Lines are read when they are complete, so the caller keeps what a step did not consume.
struct ChunkedDecoder: Sendable, Equatable {
    private enum Stage: Equatable {
        case size
        case data(remaining: Int)
        case dataEnd
        case trailers
        case done
    }

    /// Longest chunk-size line, with its extensions.
    static let lineBytesMax = 1_024

    private let trailerBytesMax: Int
    private var stage = Stage.size
    private var trailerBytes = 0

    init(trailerBytesMax: Int) {
        self.trailerBytesMax = trailerBytesMax
    }

    /// Looks at `bytes`, which follow what was consumed before.
    mutating func next(_ bytes: UnsafeRawBufferPointer) -> BodyStep {
        var consumed = 0
        do throws(RequestFault.Rule) {
            while isInLines {
                let rest = bytes.part(consumed..<bytes.count)
                guard let count = try takeLine(rest) else { return .partial(consumed: consumed) }
                consumed += count
            }
        } catch {
            return .malformed(error)
        }
        guard case .data(let remaining) = stage else { return .end(consumed: consumed) }
        let count = min(remaining, bytes.count - consumed)
        guard count > 0 else { return .partial(consumed: consumed) }
        stage = count == remaining ? .dataEnd : .data(remaining: remaining - count)
        return .data(consumed..<consumed + count)
    }

    /// Whether a line comes next, as opposed to data or the end.
    private var isInLines: Bool {
        switch stage {
        case .size, .dataEnd, .trailers: true
        case .data, .done: false
        }
    }

    /// Takes the line at the start of `bytes`; nil when it is not complete.
    private mutating func takeLine(
        _ bytes: UnsafeRawBufferPointer
    ) throws(RequestFault.Rule) -> Int? {
        if stage == .dataEnd { return try takeDataEnd(bytes) }
        let max = stage == .size ? ChunkedDecoder.lineBytesMax : trailerBytesMax - trailerBytes
        let tooLong = stage == .size ? RequestFault.Rule.chunkExtension : .trailer
        guard let feed = bytes.first(UInt8(ascii: "\n")) else {
            guard bytes.count < max else { throw tooLong }
            return nil
        }
        guard feed < max else { throw tooLong }
        guard feed > 0, bytes[feed - 1] == UInt8(ascii: "\r") else { throw .lineEnding }
        let line = bytes.part(0..<feed - 1)
        if stage == .size {
            let size = try ChunkSize.read(line)
            stage = size > 0 ? .data(remaining: size) : .trailers
        } else {
            try takeTrailer(line)
            trailerBytes += feed + 1
        }
        return feed + 1
    }

    private mutating func takeDataEnd(
        _ bytes: UnsafeRawBufferPointer
    ) throws(RequestFault.Rule) -> Int? {
        if let first = bytes.first, first != UInt8(ascii: "\r") { throw .chunkEnd }
        guard bytes.count >= 2 else { return nil }
        guard bytes[1] == UInt8(ascii: "\n") else { throw .chunkEnd }
        stage = .size
        return 2
    }

    // RFC 9112 §7.1.2: trailers may be dropped. RFC 9110 §6.5.1: those that frame or route the
    // message must never be merged; refusing them leaves no doubt.
    private mutating func takeTrailer(
        _ line: UnsafeRawBufferPointer
    ) throws(RequestFault.Rule) {
        guard !line.isEmpty else {
            stage = .done
            return
        }
        guard let colon = line.first(UInt8(ascii: ":")), colon > 0,
            line.part(0..<colon).areAll(.token),
            line.part(colon + 1..<line.count).areAll(.fieldValue)
        else { throw .trailer }
        switch KnownHeader(name: line.part(0..<colon)) {
        case .transferEncoding, .contentLength, .host, .connection, .contentEncoding: throw .trailer
        default: break
        }
    }
}

/// What a look at body bytes found; counts begin at the bytes' first one.
enum BodyStep: Sendable, Equatable {
    /// The bytes before `consumed` are dealt with; more are needed.
    case partial(consumed: Int)
    /// Body bytes; they and everything before them are consumed.
    case data(Range<Int>)
    /// The body ends before byte `consumed`.
    case end(consumed: Int)
    /// The bytes are no chunks.
    case malformed(RequestFault.Rule)
}

// RFC 9112 §7.1: chunk-size = 1*HEXDIG, [ chunk-ext ]
enum ChunkSize {
    /// More digits than any size that fits into 64 bits.
    static let digitsMax = 16

    /// The size in a chunk's first line; extensions are checked and dropped.
    static func read(_ line: UnsafeRawBufferPointer) throws(RequestFault.Rule) -> Int {
        var size: UInt64 = 0
        var digits = 0
        while digits < line.count, let value = line[digits].hexValue {
            guard digits < digitsMax else { throw .chunkSize }
            size = size << 4 | UInt64(value)
            digits += 1
        }
        guard digits > 0, let size = Int(exactly: size) else { throw .chunkSize }
        try checkExtensions(line.part(digits..<line.count))
        return size
    }

    // RFC 9112 §7.1.1: *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
    private static func checkExtensions(
        _ text: UnsafeRawBufferPointer
    ) throws(RequestFault.Rule) {
        var reader = ExtensionReader(text: text)
        while !reader.isAtEnd {
            reader.skipBlanks()
            guard reader.skip(UInt8(ascii: ";")) else { throw .chunkExtension }
            reader.skipBlanks()
            guard reader.skipToken() else { throw .chunkExtension }
            let afterName = reader.index
            reader.skipBlanks()
            guard reader.skip(UInt8(ascii: "=")) else {
                reader.index = afterName
                continue
            }
            reader.skipBlanks()
            guard reader.skipToken() || reader.skipQuoted() else { throw .chunkExtension }
        }
    }
}

/// A place in the extensions of one chunk.
private struct ExtensionReader {
    let text: UnsafeRawBufferPointer
    var index = 0

    var isAtEnd: Bool { index == text.count }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard !isAtEnd, text[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func skipBlanks() {
        while !isAtEnd, text[index].isBlank { index += 1 }
    }

    mutating func skipToken() -> Bool {
        let start = index
        while !isAtEnd, ByteClass.of(text[index]).contains(.token) { index += 1 }
        return index > start
    }

    // RFC 9110 §5.6.4
    mutating func skipQuoted() -> Bool {
        guard skip(UInt8(ascii: "\"")) else { return false }
        while !isAtEnd {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\") {
                guard !isAtEnd, ByteClass.of(text[index]).contains(.fieldValue) else {
                    return false
                }
                index += 1
            } else if !ByteClass.of(byte).contains(.fieldValue) {
                return false
            }
        }
        return false
    }
}
