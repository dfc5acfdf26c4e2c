/// Why a request was refused before a handler saw it.
///
/// The connection closes after the answer.
package enum RequestFault: Error, Sendable, Hashable {
    /// The bytes are no request; says which rule they break.
    case malformed(Rule)
    /// The head does not fit (DESIGN §5).
    case headTooLarge
    /// The target does not fit.
    case targetTooLong
    /// The body is announced to be larger than any that the server takes.
    case bodyTooLarge
    /// The head did not arrive in time.
    case headTimedOut
    /// The client expects something other than `100-continue`.
    case unknownExpectation
    /// A method longer than any that is registered.
    case unknownMethod
    /// A transfer coding other than `chunked`.
    case unknownTransferCoding
    /// Another major version of HTTP.
    case unsupportedVersion
    /// As many connections are open as the server holds.
    case tooManyConnections

    /// A rule of RFC 9110 or 9112 that a request can break.
    package enum Rule: String, Error, CaseIterable {
        case lineEnding = "a line does not end in CRLF"
        case requestLine = "the request line is not `method SP target SP version`"
        case method = "the method is not a token"
        case target = "the target is neither a path nor an http(s) URI without user and fragment"
        case asteriskForm = "the target `*` is for OPTIONS only"
        case connect = "CONNECT is for proxies"
        case version = "the version is not `HTTP/digit.digit`"
        case fieldName = "a field name is not a token followed by a colon"
        case fieldValue = "a field value holds a control character"
        case foldedField = "a field line begins with a blank"
        case missingHost = "the Host field is missing"
        case repeatedHost = "there is more than one Host field"
        case host = "the Host field is not `host[:port]`"
        case contentLength = "Content-Length is not one number of digits"
        case repeatedContentLength = "there is more than one Content-Length"
        case transferEncoding = "Transfer-Encoding is not `chunked`, once"
        case transferEncodingInOldVersion = "Transfer-Encoding is not part of HTTP/1.0"
        case ambiguousLength = "both Content-Length and Transfer-Encoding are given"
        case chunkSize = "a chunk does not begin with its size in at most 16 hexadecimal digits"
        case chunkExtension = "a chunk extension is malformed"
        case chunkEnd = "the data of a chunk is not followed by CRLF"
        case bodyEnd = "the body ends before the end that was announced"
        case trailer = "a trailer field is malformed or one that frames the message"
    }

    /// The status that says so.
    package var status: Status {
        switch self {
        case .malformed: .badRequest
        case .headTooLarge: .requestHeaderFieldsTooLarge
        case .targetTooLong: .uriTooLong
        case .bodyTooLarge: .contentTooLarge
        case .headTimedOut: .requestTimeout
        case .unknownExpectation: .expectationFailed
        case .unknownMethod, .unknownTransferCoding: .notImplemented
        case .unsupportedVersion: .httpVersionNotSupported
        case .tooManyConnections: .serviceUnavailable
        }
    }

    /// A sentence for the caller that says what to do.
    package var detail: String {
        switch self {
        case .malformed(let rule): "The request breaks HTTP/1.1: \(rule.rawValue)."
        case .headTooLarge: "The request's head is too large: send fewer or shorter fields."
        case .targetTooLong: "The request's target is too long: shorten its path or query."
        case .bodyTooLarge: "The request's body is larger than the server takes."
        case .headTimedOut: "The request's head did not arrive in time: send it again at once."
        case .unknownExpectation: "The only expectation that the server meets is 100-continue."
        case .unknownMethod: "The request's method is longer than any that is registered."
        case .unknownTransferCoding: "The only transfer coding that the server reads is chunked."
        case .unsupportedVersion: "The server speaks HTTP/1.1 and HTTP/1.0."
        case .tooManyConnections: "The server holds as many connections as it may: try again later."
        }
    }

    /// A word for programs.
    package var code: String {
        switch self {
        case .malformed: "malformed_request"
        case .headTooLarge: "head_too_large"
        case .targetTooLong: "target_too_long"
        case .bodyTooLarge: "body_too_large"
        case .headTimedOut: "request_timeout"
        case .unknownExpectation: "expectation_failed"
        case .unknownMethod: "unknown_method"
        case .unknownTransferCoding: "unknown_transfer_coding"
        case .unsupportedVersion: "http_version_not_supported"
        case .tooManyConnections: "too_many_connections"
        }
    }
}

/// Why a request's body did not arrive whole.
package enum BodyFault: Error, Sendable, Hashable {
    /// It is larger than the reader takes; answer 413.
    case tooLarge(limit: Int)
    /// It did not arrive in time; answer 408.
    case timedOut
    /// Its chunks are malformed; answer 400.
    case malformed(RequestFault.Rule)
    /// The client is gone; nobody reads an answer.
    case disconnected
}

/// Why a response's body could not be sent.
package enum StreamFault: Error, Sendable, Hashable {
    /// The client is gone or reads too slowly.
    case disconnected
    /// More was written than the announced length.
    case tooLong
}
