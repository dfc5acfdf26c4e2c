/// The name of a header field; case does not matter (RFC 9110 §5.1).
///
/// The names of `KnownHeader` are one byte each, so that comparing them costs nothing.
package struct HeaderName: Sendable, Hashable {
    let known: KnownHeader
    /// The lower-case name where it is not a known one.
    let custom: String

    init(_ known: KnownHeader) {
        self.known = known
        custom = ""
    }

    /// The name in `text`, in any case.
    package init(_ text: String) {
        let lowercase = text.lowercased()
        known = Array(lowercase.utf8).withUnsafeBytes { KnownHeader(name: $0) }
        custom = known == .unknown ? lowercase : ""
    }

    /// The name in lower case.
    package var text: String {
        known == .unknown ? custom : known.spelling.description.lowercased()
    }
}

extension HeaderName: ExpressibleByStringLiteral, CustomStringConvertible {
    package init(stringLiteral text: String) {
        self.init(text)
    }

    package var description: String { text }
}

extension HeaderName {
    /// Media types that the client can read (RFC 9110 §12.5.1).
    package static var accept: HeaderName { HeaderName(.accept) }
    /// Methods that the target allows (RFC 9110 §10.2.1).
    package static var allow: HeaderName { HeaderName(.allow) }
    /// The caller's credentials (RFC 9110 §11.6.2).
    package static var authorization: HeaderName { HeaderName(.authorization) }
    /// How a response may be stored (RFC 9111 §5.2).
    package static var cacheControl: HeaderName { HeaderName(.cacheControl) }
    /// Options of this connection (RFC 9110 §7.6.1).
    package static var connection: HeaderName { HeaderName(.connection) }
    /// How the body is compressed (RFC 9110 §8.4).
    package static var contentEncoding: HeaderName { HeaderName(.contentEncoding) }
    /// The length of the body in bytes (RFC 9110 §8.6).
    package static var contentLength: HeaderName { HeaderName(.contentLength) }
    /// The media type of the body (RFC 9110 §8.3).
    package static var contentType: HeaderName { HeaderName(.contentType) }
    /// That the media type is meant (WHATWG Fetch §3.6).
    package static var contentTypeOptions: HeaderName { HeaderName(.contentTypeOptions) }
    /// Cookies, which this server does not use.
    package static var cookie: HeaderName { HeaderName(.cookie) }
    /// When the message was made (RFC 9110 §6.6.1).
    package static var date: HeaderName { HeaderName(.date) }
    /// That and when an operation goes away (RFC 9745).
    package static var deprecation: HeaderName { HeaderName(.deprecation) }
    /// The version of the representation (RFC 9110 §8.8.3).
    package static var etag: HeaderName { HeaderName(.etag) }
    /// What the client expects before it sends the body (RFC 9110 §10.1.1).
    package static var expect: HeaderName { HeaderName(.expect) }
    /// The protocol that Git speaks over smart HTTP.
    package static var gitProtocol: HeaderName { HeaderName(.gitProtocol) }
    /// The authority of the target (RFC 9110 §7.2).
    package static var host: HeaderName { HeaderName(.host) }
    /// Which attempts are one (draft-ietf-httpapi-idempotency-key-header).
    package static var idempotencyKey: HeaderName { HeaderName(.idempotencyKey) }
    /// The version that a change wants to find (RFC 9110 §13.1.1).
    package static var ifMatch: HeaderName { HeaderName(.ifMatch) }
    /// The version that the client already has (RFC 9110 §13.1.2).
    package static var ifNoneMatch: HeaderName { HeaderName(.ifNoneMatch) }
    /// The last event that a stream's client saw (WHATWG server-sent events).
    package static var lastEventID: HeaderName { HeaderName(.lastEventID) }
    /// Related resources (RFC 8288).
    package static var link: HeaderName { HeaderName(.link) }
    /// Where to look next (RFC 9110 §10.2.2).
    package static var location: HeaderName { HeaderName(.location) }
    /// Wishes of the client (RFC 7240).
    package static var prefer: HeaderName { HeaderName(.prefer) }
    /// Which wishes were heeded (RFC 7240 §3).
    package static var preferenceApplied: HeaderName { HeaderName(.preferenceApplied) }
    /// What is left of the caller's rate (draft-ietf-httpapi-ratelimit-headers).
    package static var rateLimit: HeaderName { HeaderName(.rateLimit) }
    /// The rate that the caller may use (draft-ietf-httpapi-ratelimit-headers).
    package static var rateLimitPolicy: HeaderName { HeaderName(.rateLimitPolicy) }
    /// The id of this request, for logs.
    package static var requestID: HeaderName { HeaderName(.requestID) }
    /// When to try again, in seconds (RFC 9110 §10.2.3).
    package static var retryAfter: HeaderName { HeaderName(.retryAfter) }
    /// How the body is framed (RFC 9112 §6.1).
    package static var transferEncoding: HeaderName { HeaderName(.transferEncoding) }
    /// The caller's trace (W3C Trace Context).
    package static var traceparent: HeaderName { HeaderName(.traceparent) }
    /// What tells the client apart.
    package static var userAgent: HeaderName { HeaderName(.userAgent) }
    /// Which request fields chose this response (RFC 9110 §12.5.5).
    package static var vary: HeaderName { HeaderName(.vary) }
    /// How the caller can prove who it is (RFC 9110 §11.6.1).
    package static var wwwAuthenticate: HeaderName { HeaderName(.wwwAuthenticate) }
}
