/// Each of the 256 bytes in each place of a request; the classes are spelled out here once more,
/// so that a slip in the parser's table is seen.
enum EveryByteCases {
    private static let alphanumeric =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    private static let token = Set((alphanumeric + "!#$%&'*+-.^_`|~").utf8)
    private static let path = Set((alphanumeric + "-._~!$&'()*+,;=:@/").utf8)
    private static let host = Set((alphanumeric + "-._~!$&'()*+;=").utf8)
    private static let value = Set<UInt8>([9] + Array(32...126) + Array(128...255))

    static let all = [
        method, target, query, authority, name, fieldValue, contentLength, transferEncoding,
        chunkSize, chunkExtension, chunkQuoted, trailerName, trailerValue, afterChunk, version,
    ].flatMap { $0 }

    private static func cases(
        _ place: String,
        _ make: (UInt8) -> [UInt8],
        _ verdict: (UInt8) -> OwnCase.Verdict
    ) -> [OwnCase] {
        (0...255).map { OwnCase("byte \($0) in \(place)", make($0), verdict($0)) }
    }

    private static func verdict(_ accepted: Bool) -> OwnCase.Verdict {
        accepted ? .accepted(1) : OwnCase.bad
    }

    private static let method = cases("a method") {
        Wrap.request(line: Array("G".utf8) + [$0] + Array("T / HTTP/1.1".utf8))
    } _: {
        verdict(token.contains($0))
    }

    private static let target = cases("a path") {
        Wrap.request(line: Array("GET /a".utf8) + [$0] + Array("b HTTP/1.1".utf8))
    } _: {
        verdict(path.contains($0) || $0 == UInt8(ascii: "?"))
    }

    private static let query = cases("a query") {
        Wrap.request(line: Array("GET /?a".utf8) + [$0] + Array("b HTTP/1.1".utf8))
    } _: {
        verdict(path.contains($0) || $0 == UInt8(ascii: "?"))
    }

    private static let authority = cases("a host") {
        Wrap.host(Array("a".utf8) + [$0] + Array("b".utf8))
    } _: {
        verdict(host.contains($0))
    }

    private static let name = cases("a field name") {
        Wrap.field(Array("x".utf8) + [$0] + Array("y: 1".utf8))
    } _: {
        // A colon ends the name earlier.
        verdict(token.contains($0) || $0 == UInt8(ascii: ":"))
    }

    private static let fieldValue = cases("a field value") {
        Wrap.field(Array("x: a".utf8) + [$0] + Array("b".utf8))
    } _: {
        verdict(value.contains($0))
    }

    private static let contentLength = cases("a Content-Length") {
        Wrap.field(Array("Content-Length: 0".utf8) + [$0] + Array("0".utf8))
    } _: {
        // Three digits announce a body, which here does not come.
        switch $0 {
        case UInt8(ascii: "0"): .accepted(1)
        case UInt8(ascii: "1")...UInt8(ascii: "9"): .waits
        default: OwnCase.bad
        }
    }

    private static let transferEncoding = cases("a Transfer-Encoding") {
        Wrap.field(Array("Transfer-Encoding: chunked".utf8) + [$0])
    } _: {
        switch $0 {
        case 9, 32: .waits  // trimmed
        // "chunkedx" is another coding, but not the last before chunked.
        default: OwnCase.bad
        }
    }

    private static let chunkSize = cases("a chunk size") {
        Wrap.chunk(Array("0".utf8) + [$0] + Array("0".utf8))
    } _: {
        switch $0 {
        // Sixteen times the digit, more than what comes.
        case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            .waits
        // A size of zero ends the body early; "hello" is then a malformed trailer.
        default: OwnCase.bad
        }
    }

    private static let chunkExtension = cases("a chunk extension") {
        Wrap.chunk(Array("5;a".utf8) + [$0] + Array("b".utf8))
    } _: {
        verdict(token.contains($0) || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "="))
    }

    private static let chunkQuoted = cases("a quoted chunk extension") {
        Wrap.chunk(Array("5;a=\"b".utf8) + [$0] + Array("b\"".utf8))
    } _: {
        // A quotation mark ends the string, and what follows is no extension.
        verdict(value.contains($0) && $0 != UInt8(ascii: "\""))
    }

    private static let trailerName = cases("a trailer name") {
        Wrap.trailer(Array("x".utf8) + [$0] + Array("y: 1".utf8))
    } _: {
        verdict(token.contains($0) || $0 == UInt8(ascii: ":"))
    }

    private static let trailerValue = cases("a trailer value") {
        Wrap.trailer(Array("x: a".utf8) + [$0] + Array("b".utf8))
    } _: {
        verdict(value.contains($0))
    }

    private static let afterChunk = cases("the end of a chunk") {
        Wrap.chunked(Array("5\r\nhello".utf8) + [$0] + Array("\r\n0\r\n\r\n".utf8))
    } _: { _ in
        OwnCase.bad
    }

    private static let version = cases("a version") {
        Wrap.request(line: Array("GET / HTTP/1.".utf8) + [$0])
    } _: {
        verdict((UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0))
    }
}
