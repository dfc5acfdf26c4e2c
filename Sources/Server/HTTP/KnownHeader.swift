/// Field names that are recognised while a head is parsed.
enum KnownHeader: UInt8, CaseIterable, Sendable {
    case unknown
    case accept, allow, authorization, cacheControl, connection, contentEncoding, contentLength
    case contentType, contentTypeOptions, cookie, date, deprecation, etag, expect, gitProtocol,
        host, idempotencyKey
    case ifMatch, ifNoneMatch, lastEventID, link, location, prefer, preferenceApplied, rateLimit
    case rateLimitPolicy, requestID, retryAfter, transferEncoding, traceparent, userAgent, vary
    case wwwAuthenticate

    /// The name as the server writes it.
    var spelling: StaticString {
        switch self {
        case .unknown: ""
        case .accept: "Accept"
        case .allow: "Allow"
        case .authorization: "Authorization"
        case .cacheControl: "Cache-Control"
        case .connection: "Connection"
        case .contentEncoding: "Content-Encoding"
        case .contentLength: "Content-Length"
        case .contentType: "Content-Type"
        case .contentTypeOptions: "X-Content-Type-Options"
        case .cookie: "Cookie"
        case .date: "Date"
        case .deprecation: "Deprecation"
        case .etag: "ETag"
        case .expect: "Expect"
        case .gitProtocol: "Git-Protocol"
        case .host: "Host"
        case .idempotencyKey: "Idempotency-Key"
        case .ifMatch: "If-Match"
        case .ifNoneMatch: "If-None-Match"
        case .lastEventID: "Last-Event-ID"
        case .link: "Link"
        case .location: "Location"
        case .prefer: "Prefer"
        case .preferenceApplied: "Preference-Applied"
        case .rateLimit: "RateLimit"
        case .rateLimitPolicy: "RateLimit-Policy"
        case .requestID: "X-Request-Id"
        case .retryAfter: "Retry-After"
        case .transferEncoding: "Transfer-Encoding"
        case .traceparent: "traceparent"
        case .userAgent: "User-Agent"
        case .vary: "Vary"
        case .wwwAuthenticate: "WWW-Authenticate"
        }
    }

    /// The known name in `name`, in any case, or `unknown`.
    init(name: UnsafeRawBufferPointer) {
        self = KnownHeaderTable.shared.find(name)
    }
}

/// The known names by a hash of their length, first and last letter.
private struct KnownHeaderTable: Sendable {
    static let shared = KnownHeaderTable()
    /// A power of two, several times the number of names: most slots hold none.
    private static let slotCount = 256

    private var slots = [KnownHeader](repeating: .unknown, count: slotCount)

    private init() {
        for name in KnownHeader.allCases where name != .unknown {
            name.spelling.withUTF8Buffer { bytes in
                var slot = KnownHeaderTable.hash(UnsafeRawBufferPointer(bytes))
                while slots[slot] != .unknown { slot = (slot + 1) % KnownHeaderTable.slotCount }
                slots[slot] = name
            }
        }
    }

    func find(_ name: UnsafeRawBufferPointer) -> KnownHeader {
        guard !name.isEmpty else { return .unknown }
        var slot = KnownHeaderTable.hash(name)
        while slots[slot] != .unknown {
            let candidate = slots[slot]
            if name.equalsIgnoringCase(candidate.spelling) { return candidate }
            slot = (slot + 1) % KnownHeaderTable.slotCount
        }
        return .unknown
    }

    private static func hash(_ name: UnsafeRawBufferPointer) -> Int {
        let first = Int(name[0] | 0x20)
        let last = Int(name[name.count - 1] | 0x20)
        return (name.count &* 31 &+ first &* 7 &+ last &* 13) % slotCount
    }
}
