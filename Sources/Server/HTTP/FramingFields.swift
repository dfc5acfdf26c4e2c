/// The fields that decide where a request ends and what becomes of its connection.
///
/// Every doubt about the length of a message is a refusal: two readers who disagree about it can
/// be made to see different requests (RFC 9112 §11.2).
struct FramingFields: Sendable {
    private var hasHost = false
    private var length: Int?
    private var isChunked = false
    private var closes = false
    private var keepsAlive = false
    private var expectsContinue = false
    private var hasUnknownExpectation = false

    /// Takes one field, whose value has been trimmed and checked for control characters.
    mutating func take(
        _ name: KnownHeader,
        _ value: UnsafeRawBufferPointer
    ) throws(RequestFault) {
        switch name {
        case .host: try takeHost(value)
        case .contentLength: try takeContentLength(value)
        case .transferEncoding: try takeTransferEncoding(value)
        case .connection: takeConnection(value)
        case .expect: takeExpect(value)
        default: break
        }
    }

    /// Draws the conclusions at the end of the head.
    func finish(_ head: inout RequestHead) throws(RequestFault) {
        let isOld = head.minorVersion == 0
        // RFC 9112 §3.2: every HTTP/1.1 request has a Host.
        guard hasHost || isOld else { throw .malformed(.missingHost) }
        if isChunked {
            // RFC 9112 §6.1: a sender of HTTP/1.0 does not know chunks.
            guard !isOld else { throw .malformed(.transferEncodingInOldVersion) }
            // RFC 9112 §6.1 allows to read the chunks and close; nothing honest sends both.
            guard length == nil else { throw .malformed(.ambiguousLength) }
            head.framing = .chunked
        } else if let length, length > 0 {
            head.framing = .length(length)
        }
        // RFC 9112 §9.3
        head.keepsAlive = !closes && (!isOld || keepsAlive)
        // RFC 9110 §10.1.1: expectations of HTTP/1.0 are ignored, as are those without a body.
        guard !isOld else { return }
        guard !hasUnknownExpectation else { throw .unknownExpectation }
        head.expectsContinue = expectsContinue && head.framing != .none
    }

    // RFC 9112 §3.2
    private mutating func takeHost(_ value: UnsafeRawBufferPointer) throws(RequestFault) {
        guard !hasHost else { throw .malformed(.repeatedHost) }
        guard Authority.isValid(value) else { throw .malformed(.host) }
        hasHost = true
    }

    // RFC 9110 §8.6: Content-Length = 1*DIGIT; RFC 9112 §6.3: a list of equal values may be read
    // as one, which is not done here.
    private mutating func takeContentLength(
        _ value: UnsafeRawBufferPointer
    ) throws(RequestFault) {
        guard length == nil else { throw .malformed(.repeatedContentLength) }
        guard !value.isEmpty, value.areAll(.digit) else { throw .malformed(.contentLength) }
        var number = 0
        for byte in value {
            let (tens, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !overflows, !overflowsToo else { throw .bodyTooLarge }
            number = sum
        }
        length = number
    }

    // RFC 9112 §6.1 and §7: the final coding is chunked, once; this server reads no other.
    private mutating func takeTransferEncoding(
        _ value: UnsafeRawBufferPointer
    ) throws(RequestFault) {
        guard !isChunked else { throw .malformed(.transferEncoding) }
        guard value.equalsIgnoringCase("chunked") else {
            throw FramingFields.isKnownGrammar(value)
                ? .unknownTransferCoding : .malformed(.transferEncoding)
        }
        isChunked = true
    }

    /// Whether `value` is a list of codings that ends in one `chunked`.
    private static func isKnownGrammar(_ value: UnsafeRawBufferPointer) -> Bool {
        var elements = 0
        var chunkedAt: Int?
        var isGrammatical = true
        forEachElement(of: value) { element in
            elements += 1
            isGrammatical = isGrammatical && !element.isEmpty && element.areAll(.token)
            if element.equalsIgnoringCase("chunked") {
                isGrammatical = isGrammatical && chunkedAt == nil
                chunkedAt = elements
            }
        }
        return isGrammatical && chunkedAt == elements
    }

    // RFC 9112 §9.3: `close` wins over everything.
    private mutating func takeConnection(_ value: UnsafeRawBufferPointer) {
        FramingFields.forEachElement(of: value) { option in
            if option.equalsIgnoringCase("close") { closes = true }
            if option.equalsIgnoringCase("keep-alive") { keepsAlive = true }
        }
    }

    // RFC 9110 §10.1.1
    private mutating func takeExpect(_ value: UnsafeRawBufferPointer) {
        FramingFields.forEachElement(of: value) { expectation in
            if expectation.equalsIgnoringCase("100-continue") {
                expectsContinue = true
            } else if !expectation.isEmpty {
                hasUnknownExpectation = true
            }
        }
    }

    /// Calls `body` with each element of a comma-separated list (RFC 9110 §5.6.1), trimmed.
    private static func forEachElement(
        of value: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        var start = 0
        while start <= value.count {
            let end = value.first(UInt8(ascii: ","), from: start) ?? value.count
            body(value.part(value.trimmed(start..<end)))
            start = end + 1
        }
    }
}
