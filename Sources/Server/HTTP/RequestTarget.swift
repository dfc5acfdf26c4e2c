/// The forms of a request target (RFC 9112 §3.2).
enum RequestTarget {
    /// Finds path and query of `target`, whose first byte is the request's byte `start`.
    static func read(
        _ target: UnsafeRawBufferPointer,
        at start: Int,
        into head: inout RequestHead
    ) throws(RequestFault) {
        // RFC 9110 §9.3.6: an origin server has no tunnel to offer.
        if case .other("CONNECT") = head.method { throw .malformed(.connect) }
        if target[0] == UInt8(ascii: "/") {
            return try readPath(target, from: 0, at: start, into: &head)
        }
        if target.equals("*") {
            // RFC 9112 §3.2.4
            guard head.method == .options else { throw .malformed(.asteriskForm) }
            head.path = start..<start + 1
            return
        }
        try readPath(target, from: authorityEnd(of: target), at: start, into: &head)
    }

    // RFC 9112 §3.2.2: absolute-form, of the http and https schemes.
    private static func authorityEnd(
        of target: UnsafeRawBufferPointer
    ) throws(RequestFault) -> Int {
        let start: Int
        if target.startsIgnoringCase(with: "http://") {
            start = 7
        } else if target.startsIgnoringCase(with: "https://") {
            start = 8
        } else {
            throw .malformed(.target)
        }
        var end = start
        while end < target.count, target[end] != UInt8(ascii: "/"), target[end] != UInt8(ascii: "?")
        {
            end += 1
        }
        guard Authority.isValid(target.part(start..<end)) else { throw .malformed(.target) }
        return end
    }

    private static func readPath(
        _ target: UnsafeRawBufferPointer,
        from pathStart: Int,
        at start: Int,
        into head: inout RequestHead
    ) throws(RequestFault) {
        let mark = target.first(UInt8(ascii: "?"), from: pathStart)
        let pathEnd = mark ?? target.count
        // RFC 3986 §3.3: a fragment, a byte above 0x7F or a quotation mark is no path character.
        guard target.part(pathStart..<pathEnd).areAllOrPercentEncoded(.path) else {
            throw .malformed(.target)
        }
        head.path = start + pathStart..<start + pathEnd
        guard let mark else { return }
        guard target.part(mark + 1..<target.count).areAllOrPercentEncoded(.query) else {
            throw .malformed(.target)
        }
        head.query = start + mark + 1..<start + target.count
    }
}
