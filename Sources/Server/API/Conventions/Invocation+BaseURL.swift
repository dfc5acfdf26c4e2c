import HTTP

extension Invocation {
    /// Where callers reach this server, without a slash at the end.
    var baseURL: String {
        if let known = services.git.publicURL { return known }
        let host = request.headers[.host] ?? "localhost"
        return "\(request.isSecure ? "https" : "http")://\(host)"
    }
}
