package import HTTP
import JSON

/// An error as the caller gets to see it (RFC 9457).
package struct Problem: Error, Sendable, Hashable {
    /// The most faults that one answer lists.
    static let faultsMax = 100

    /// What kind of error it is.
    package let kind: ProblemKind
    /// What happened and what to do next.
    package let detail: String
    /// Every single fault.
    package var faults: [Fault]
    /// Seconds after which to try again.
    package var retryAfter: Int?
    /// What the address can be asked with.
    package var allow: [Method]
    /// The word that clients of OAuth read (RFC 6749 §5.2); nil for everything but token exchange.
    var exchangeError: String?

    /// A problem of a kind, with its sentence for the caller.
    package init(
        _ kind: ProblemKind,
        _ detail: String,
        faults: [Fault] = [],
        retryAfter: Int? = nil,
        allow: [Method] = []
    ) {
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.retryAfter = retryAfter
        self.allow = allow
    }

    /// The one answer to whatever is absent or not for this caller, always the same.
    package static let notFound = Problem(
        .notFound,
        "Nothing is here, or you may not see it. Check the name and your token."
    )

    /// The document.
    func document(requestID: String) -> [UInt8] {
        var writer = JSONWriter(reserving: 384)
        writer.beginObject()
        writer.member("type", kind.path)
        writer.member("title", kind.title)
        writer.member("status", kind.status.code)
        writer.member("detail", detail)
        writer.member("code", kind.code)
        writer.member("requestId", requestID)
        if let exchangeError {
            writer.member("error", exchangeError)
            writer.member("error_description", detail)
        }
        if !faults.isEmpty {
            writer.key("errors")
            writer.array(faults.prefix(Self.faultsMax)) { $1.write(to: &$0) }
        }
        writer.endObject()
        return writer.finish()
    }

    /// Everything that is wrong in one sentence, for forms that have no list for it.
    var summary: String {
        guard !faults.isEmpty else { return detail }
        return faults.prefix(Self.faultsMax).map(\.detail).joined(separator: "; ")
    }

    /// The whole response, with the fields that belong to its kind.
    func response(requestID: String) -> Response {
        let type = exchangeError == nil ? "application/problem+json" : MediaType.json.essence
        let document = document(requestID: requestID)
        var response = response(kind.status, document, of: type, requestID: requestID)
        if !allow.isEmpty { response.headers.add(.allow, Problem.list(allow)) }
        return response
    }

    /// A response with the fields of every error.
    func response(
        _ status: Status,
        _ document: [UInt8],
        of type: String = MediaType.json.essence,
        requestID: String
    ) -> Response {
        var headers: ResponseHeaders = [
            .contentType: type, .requestID: requestID,
            .cacheControl: "no-store", .contentTypeOptions: "nosniff",
        ]
        if let retryAfter { headers.add(.retryAfter, String(retryAfter)) }
        return Response(status: status, headers: headers, body: .bytes(document))
    }

    /// The value of `Allow`: GET brings HEAD, and OPTIONS is always there.
    static func list(_ methods: [Method]) -> String {
        var names = methods.filter { $0 != .options && $0 != .head }.map(\.name)
        if methods.contains(.get) { names.append(Method.head.name) }
        names.append(Method.options.name)
        return names.sorted().joined(separator: ", ")
    }
}

extension HeaderName {
    /// What a page may load (CSP level 3).
    static let contentSecurityPolicy: HeaderName = "content-security-policy"
    /// Whether a page's address is told to others.
    static let referrerPolicy: HeaderName = "referrer-policy"
}
