/// Reads the head of one request from bytes that arrive in any portions.
///
/// A value without closures and without memory of its own: the caller keeps the bytes from the
/// request's first one on, calls again when there are more, and makes a new parser for the next
/// request. Each line is looked at once, when it is complete.
struct RequestParser: Sendable {
    /// What a call found out.
    enum Verdict: Sendable, Equatable {
        /// The head goes on past the bytes.
        case partial
        /// The head takes this many bytes.
        case complete(Int)
        /// The bytes can never become an acceptable request.
        case refused(RequestFault)
    }

    private enum Stage {
        /// One empty line may come before the request line (RFC 9112 §2.2).
        case start
        case requestLine
        case fields
    }

    /// Longest method that is read: longer than any that is registered.
    static let methodBytesMax = 32

    private let headBytesMax: Int
    private let targetBytesMax: Int
    private let fieldsMax: Int
    private var stage = Stage.start
    private var lineStart = 0
    /// Bytes that are known to hold no line feed after `lineStart`.
    private var scanned = 0
    private var framing = FramingFields()

    init(limits: ServerLimits) {
        headBytesMax = limits.headBytesMax
        targetBytesMax = limits.targetBytesMax
        fieldsMax = limits.fieldsMax
    }

    /// Goes on with `bytes`, which begin where they did in the call before.
    mutating func parse(_ bytes: UnsafeRawBufferPointer, into head: inout RequestHead) -> Verdict {
        do throws(RequestFault) {
            while let feed = bytes.first(UInt8(ascii: "\n"), from: scanned) {
                guard feed < headBytesMax else { throw .headTooLarge }
                let line = try line(endingAt: feed, of: bytes)
                lineStart = feed + 1
                scanned = lineStart
                if try take(line, of: bytes, into: &head) { return .complete(lineStart) }
            }
            try checkUnfinishedLine(of: bytes)
            scanned = bytes.count
            return .partial
        } catch {
            return .refused(error)
        }
    }

    /// The line whose LF is byte `feed`, without its CRLF and holding no other CR.
    private func line(
        endingAt feed: Int,
        of bytes: UnsafeRawBufferPointer
    ) throws(RequestFault) -> Range<Int> {
        let hasReturn = feed > lineStart && bytes[feed - 1] == UInt8(ascii: "\r")
        let end = hasReturn ? feed - 1 : feed
        try checkMethod(bytes.part(lineStart..<end))
        // RFC 9112 §2.2: a lone LF as the end of a line may be read as one; refusing it leaves no
        // room for two readings. A lone CR must be refused.
        guard hasReturn, bytes.part(0..<end).first(UInt8(ascii: "\r"), from: lineStart) == nil
        else {
            throw .malformed(.lineEnding)
        }
        return lineStart..<end
    }

    /// Refuses as soon as possible what cannot become a request; finds the same faults in the
    /// same order as for a whole line.
    private func checkUnfinishedLine(of bytes: UnsafeRawBufferPointer) throws(RequestFault) {
        let end = bytes.last == UInt8(ascii: "\r") ? bytes.count - 1 : bytes.count
        if end > lineStart {
            try checkMethod(bytes.part(lineStart..<end))
            let unseen = max(lineStart, scanned - 1)
            guard bytes.part(0..<end).first(UInt8(ascii: "\r"), from: unseen) == nil else {
                throw .malformed(.lineEnding)
            }
        }
        // Method, target, version, two spaces and a CR: a request line cannot be longer.
        let lineMax = RequestParser.methodBytesMax + targetBytesMax + 11
        if stage != .fields && end - lineStart > lineMax { throw .targetTooLong }
        if bytes.count >= headBytesMax { throw .headTooLarge }
    }

    // RFC 9110 §9.1: method = token
    private func checkMethod(_ line: UnsafeRawBufferPointer) throws(RequestFault) {
        guard stage != .fields, !line.isEmpty else { return }
        let method = line.part(0..<(line.first(UInt8(ascii: " ")) ?? line.count))
        let looked = method.part(0..<min(method.count, RequestParser.methodBytesMax + 1))
        guard !looked.isEmpty, looked.areAll(.token) else { throw .malformed(.method) }
        // RFC 9112 §3: a method longer than any that the server knows.
        guard looked.count <= RequestParser.methodBytesMax else { throw .unknownMethod }
    }

    /// Takes one line without its CRLF; true at the line that ends the head.
    private mutating func take(
        _ line: Range<Int>,
        of bytes: UnsafeRawBufferPointer,
        into head: inout RequestHead
    ) throws(RequestFault) -> Bool {
        switch stage {
        case .start where line.isEmpty:
            stage = .requestLine
        case .start, .requestLine:
            try takeRequestLine(line, of: bytes, into: &head)
            stage = .fields
        case .fields where line.isEmpty:
            try framing.finish(&head)
            return true
        case .fields:
            try takeField(line, of: bytes, into: &head)
        }
        return false
    }

    // RFC 9112 §3: request-line = method SP request-target SP HTTP-version
    private func takeRequestLine(
        _ line: Range<Int>,
        of bytes: UnsafeRawBufferPointer,
        into head: inout RequestHead
    ) throws(RequestFault) {
        let space = UInt8(ascii: " ")
        let text = bytes.part(line)
        guard let methodEnd = text.first(space) else { throw .malformed(.requestLine) }
        let method = text.part(0..<methodEnd)
        guard let targetEnd = text.first(space, from: methodEnd + 1) else {
            throw .malformed(.requestLine)
        }
        let target = text.part(methodEnd + 1..<targetEnd)
        guard !target.isEmpty else { throw .malformed(.requestLine) }
        guard target.count <= targetBytesMax else { throw .targetTooLong }
        head.minorVersion = try minorVersion(text.part(targetEnd + 1..<text.count))
        head.method = Method(token: method)
        let start = line.lowerBound + methodEnd + 1
        head.target = start..<start + target.count
        try RequestTarget.read(target, at: start, into: &head)
    }

    // RFC 9112 §2.3: HTTP-version = %s"HTTP" "/" DIGIT "." DIGIT
    private func minorVersion(_ text: UnsafeRawBufferPointer) throws(RequestFault) -> Int {
        guard text.count == 8, text.part(0..<5).equals("HTTP/"), text[6] == UInt8(ascii: "."),
            ByteClass.of(text[5]).contains(.digit), ByteClass.of(text[7]).contains(.digit)
        else {
            throw .malformed(.version)
        }
        guard text[5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        // RFC 9110 §2.5: a higher minor version is read as the highest that is known.
        return text[7] == UInt8(ascii: "0") ? 0 : 1
    }

    // RFC 9112 §5: field-line = field-name ":" OWS field-value OWS
    private mutating func takeField(
        _ line: Range<Int>,
        of bytes: UnsafeRawBufferPointer,
        into head: inout RequestHead
    ) throws(RequestFault) {
        // RFC 9112 §2.2 and §5.2: a blank at the start is a folded line or an attempt to hide one.
        guard !bytes[line.lowerBound].isBlank else { throw .malformed(.foldedField) }
        guard head.fields.count < fieldsMax else { throw .headTooLarge }
        let text = bytes.part(line)
        guard let colon = text.first(UInt8(ascii: ":")), colon > 0 else {
            throw .malformed(.fieldName)
        }
        // RFC 9112 §5.1: no blank between name and colon; a blank is no token character.
        let name = text.part(0..<colon)
        guard name.areAll(.token) else { throw .malformed(.fieldName) }
        let value = text.trimmed(colon + 1..<text.count)
        // RFC 9110 §5.5: CR, LF and NUL are invalid, other control characters too.
        guard text.part(value).areAll(.fieldValue) else { throw .malformed(.fieldValue) }
        let field = RequestHead.Field(
            nameStart: UInt16(line.lowerBound),
            nameCount: UInt16(colon),
            valueStart: UInt16(line.lowerBound + value.lowerBound),
            valueCount: UInt16(value.count),
            known: KnownHeader(name: name)
        )
        head.append(field)
        try framing.take(field.known, text.part(value))
    }
}
