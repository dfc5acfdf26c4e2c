import JSON

/// A visit to what an Ingress or an HTTPRoute publishes: `/ingress/HOST/PATH` below a cluster's
/// root.
struct Visit: Sendable {
    /// How a cluster's paths of visits start.
    static let prefix = "/ingress/"
    /// The most characters of a value that patterns are matched against: 1,024.
    static let valueLengthMax = 1_024

    /// The host, in lower case.
    let host: String
    /// The path, percent-decoded, from `/`.
    let path: String
    /// The method.
    let method: String
    /// The parameters behind the path.
    let parameters: APIQuery
    private let headers: [(name: String, value: String)]

    /// Reads a request; nil where it is about the API.
    init?(_ request: SandboxRequest) {
        guard request.path.hasPrefix(Self.prefix) else { return nil }
        let rest = request.path.dropFirst(Self.prefix.count)
        let first = rest.prefix { $0 != "/" }
        let after = rest.dropFirst(first.count)
        host = (URLText.decode(first, plusIsSpace: false) ?? "").lowercased()
        path = after.isEmpty ? "/" : URLText.decode(after, plusIsSpace: false) ?? "/"
        method = request.method
        parameters = APIQuery(request.query)
        headers = request.headers
    }

    /// The values of a header, as one; nil where it is absent.
    func header(_ name: String) -> String? {
        let name = name.lowercased()
        let values = headers.filter { $0.name.lowercased() == name }.map(\.value)
        // Cookies are the one list that is not separated by commas (RFC 6265 §4.2.1).
        return values.isEmpty ? nil : values.joined(separator: name == "cookie" ? "; " : ",")
    }
}
