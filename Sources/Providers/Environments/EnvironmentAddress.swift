/// Where an environment answers.
package struct EnvironmentAddress: Sendable, Equatable {
    /// Everything before the path, without a slash at the end.
    package let base: String
    /// The path, with the slash at its start; empty where there is none.
    package let path: String

    /// The address of a URL of a template; what is served under `host` is found behind `ingress`
    /// where that is given.
    package init(_ url: String, serving host: String, behind ingress: String?) {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts.count == 2 ? parts[1] : Substring(url)
        let authority = place.prefix { $0 != "/" }
        let rest = String(place.dropFirst(authority.count))
        if let ingress, authority.prefix(while: { $0 != ":" }) == host {
            base = "\(ingress)/\(host)"
            path = rest.isEmpty ? "/" : rest
        } else {
            base = parts.count == 2 ? "\(parts[0])://\(authority)" : String(authority)
            path = rest
        }
    }

    /// The URL that people are told.
    package var url: String { base + path }
}
