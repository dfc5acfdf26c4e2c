import Domain
import JSON

extension ForgeClient {
    /// Whether the forge is of its kind and takes the token; why not, where it does not.
    ///
    /// - Throws: `.away` where it cannot be told now, `.cancelled`.
    func check() async throws(ForgeFault) -> String? {
        switch kind {
        case .github:
            // Answers every token, also one of an installation, and none that it does not know.
            let answer = try await call("GET", "/rate_limit", fine: Self.refusals)
            if answer.status == 401 { return Self.badToken }
            return answer.document["resources"] == nil ? Self.otherKind("GitHub") : nil
        case .gitlab:
            let answer = try await call("GET", "/version", fine: Self.refusals)
            if answer.status == 401 { return Self.badToken }
            let isGitLab = answer.document["version"] != nil && answer.document["revision"] != nil
            return isGitLab ? nil : Self.otherKind("GitLab")
        case .gitea:
            let version = try await call("GET", "/version", fine: Self.refusals)
            guard version.document["version"] != nil, version.document["revision"] == nil else {
                return Self.otherKind("Gitea or Forgejo")
            }
            // A token that may not read its user is known all the same.
            let user = try await call("GET", "/user", fine: Self.refusals)
            return user.status == 401 ? Self.badToken : nil
        }
    }

    private static let refusals: Set<Int> = [400, 401, 403, 404, 405, 406]
    private static let badToken = "The forge does not take the token."

    private static func otherKind(_ name: String) -> String {
        "What answers there is no API of \(name); check `spec.kind` and `spec.url`."
    }
}
