import JSON

/// One way from a host and path to Services, as an Ingress or an HTTPRoute describes it.
struct RouteRule: Sendable {
    /// Which paths are meant.
    enum Path: Sendable {
        case exact(String)
        /// Whole elements of a path: `/shop` is a prefix of `/shop/1`, not of `/shopping`.
        case prefix(String)
        case pattern(TextPattern)
    }

    /// What a header or a parameter must be.
    struct Field: Sendable {
        enum Value: Sendable {
            case exact(String)
            case pattern(TextPattern)
            /// Nothing is: its expression cannot be read.
            case nothing
        }

        let name: String
        let value: Value
    }

    /// A Service that takes a share of the visits.
    struct Backend: Sendable {
        let service: SandboxKey
        /// Its number or name; nil where none is said.
        let port: JSON?
        let weight: Int
    }

    /// The object that says so.
    let route: SandboxKey
    /// Which of its rules it is, from 0.
    let number: Int
    /// The hosts, `*.example.com` among them; none for every host.
    var hosts: [String]
    var path: Path
    var method: String?
    var headers: [Field] = []
    var parameters: [Field] = []
    var backends: [Backend]

    /// How well the rule fits a visit, for comparison from the left; nil where it does not.
    ///
    /// In the order of the Gateway API: host, path, method, headers, parameters, first rule.
    func fit(_ visit: Visit) -> [Int]? {
        guard let host = fit(host: visit.host), let path = fit(path: visit.path),
            method.map({ $0 == visit.method || $0 == "GET" && visit.method == "HEAD" }) ?? true,
            headers.allSatisfy({ $0.fits(visit.header($0.name)) }),
            parameters.allSatisfy({ $0.fits(visit.parameters[$0.name]) })
        else { return nil }
        return host + path + [method == nil ? 0 : 1, headers.count, parameters.count, -number]
    }

    /// Whether the rule is about the host at all.
    func concerns(_ host: String) -> Bool { fit(host: host) != nil }

    private func fit(host: String) -> [Int]? {
        if hosts.isEmpty { return [0, 0] }
        if hosts.contains(host) { return [2, host.utf8.count] }
        let suffixes = hosts.filter { $0.hasPrefix("*.") && host.hasSuffix($0.dropFirst()) }
        return suffixes.map(\.utf8.count).max().map { [1, $0] }
    }

    private func fit(path: String) -> [Int]? {
        switch self.path {
        case .exact(let text):
            return path == text ? [2, text.utf8.count] : nil
        case .prefix(let text):
            let stem = text.hasSuffix("/") ? String(text.dropLast()) : text
            guard path == stem || path.hasPrefix(stem + "/") else { return nil }
            return [1, stem.utf8.count]
        case .pattern(let pattern):
            guard pattern.matches(visited: path) else { return nil }
            return [1, pattern.source.utf8.count]
        }
    }
}

extension RouteRule.Field {
    fileprivate func fits(_ text: String?) -> Bool {
        guard let text else { return false }
        switch value {
        case .exact(let wanted): return text == wanted
        case .pattern(let pattern): return pattern.matches(visited: text)
        case .nothing: return false
        }
    }
}

extension TextPattern {
    /// The expression of a route, which the whole text must match, as with Envoy.
    static func ofRoute(_ source: String) -> TextPattern? {
        // What cannot be read matches nothing.
        try? TextPattern(parsing: "^(?:\(source))$")
    }

    /// Whether a value of a visit matches; what is too long to find out does not.
    fileprivate func matches(visited text: String) -> Bool {
        text.unicodeScalars.count <= Visit.valueLengthMax && matches(text) == true
    }
}
