package import JSON

/// What an issuer says of one run of a pipeline, in the words of GitHub (also Gitea and Forgejo),
/// GitLab or another issuer; its signature has been checked.
///
/// Source: the payloads that docs.github.com and docs.gitlab.com list for their OIDC tokens.
package struct PipelineClaims: Sendable {
    /// Who says so.
    package let issuer: String
    /// Whom the token is made for.
    package let audiences: [String]
    /// Everything that is said.
    package let all: JSONObject

    /// What that issuer says.
    package init(issuer: String, audiences: [String], all: JSONObject) {
        self.issuer = issuer
        self.audiences = audiences
        self.all = all
    }

    /// The text of a claim; numbers and truth values as they are written.
    package subscript(name: String) -> String? {
        guard let value = all[name] else { return nil }
        return value.string ?? value.int.map(String.init) ?? value.bool.map(String.init)
    }

    /// The repository, as the forge names it.
    package var repository: String? { self["repository"] ?? self["project_path"] }
    /// The forge's number for it.
    package var repositoryID: String? { self["repository_id"] ?? self["project_id"] }
    /// The full name of the branch or tag; GitLab's `ref` alone does not say which of the two.
    package var ref: String? {
        self["ref_path"] ?? self["ref"].flatMap { $0.hasPrefix("refs/") ? $0 : nil }
    }
    /// Whether that branch or tag is protected.
    package var isRefProtected: Bool { self["ref_protected"] == "true" }
    /// What started the run.
    package var event: String? { self["event_name"] ?? self["pipeline_source"] }
    /// The number of the run.
    package var run: String? { self["run_id"] ?? self["pipeline_id"] ?? self["build_number"] }

    /// The address of the repository, in the form in which sources are compared; nil where the
    /// issuer names no repository.
    package var repositoryURL: String? {
        // GitLab is its own issuer; GitHub's and Gitea's is a path or a host beside it.
        if let path = self["project_path"] { return source(issuer, path) }
        guard let path = self["repository"] else { return nil }
        let host = issuer.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        let forge = host == "token.actions.githubusercontent.com" ? "github.com" : String(host)
        return source("https://\(forge)", path)
    }

    private func source(_ base: String, _ path: String) -> String? {
        let address = base.drop { $0 != ":" }
        return PipelineGrant.source("https\(address)/\(path)")
    }

    /// The run in a few words, for the audit log and the records of roll-outs.
    package var subject: String {
        let place = repository ?? self["sub"] ?? issuer
        return place + (ref.map { "@\($0)" } ?? "") + (run.map { " run \($0)" } ?? "")
    }
}

extension TrustSpec {
    /// Whether the run is one of those that are trusted.
    package func trusts(_ run: PipelineClaims) -> Bool {
        guard run.issuer == issuer, run.audiences.contains(audience) else { return false }
        if let repository, run.repository != repository { return false }
        if let repositoryID, run.repositoryID != repositoryID { return false }
        if let environment, run["environment"] != environment { return false }
        if protectedRefs, !run.isRefProtected { return false }
        if let event = run.event, excludedEvents.contains(event) { return false }
        if !refs.isEmpty {
            guard let ref = run.ref, refs.contains(where: { $0.matches(ref) }) else { return false }
        }
        return claims.allSatisfy { claim in
            run[claim.name].map(claim.pattern.matches) ?? false
        }
    }
}

extension Trust {
    /// What a token for that run may do.
    package func grant(
        to run: PipelineClaims,
        permissions: Set<Permission> = PipelineGrant.permissionsMost
    ) -> PipelineGrant {
        let named = spec.repositoryURL.flatMap(PipelineGrant.source)
        return PipelineGrant(
            trust: id,
            name: name,
            repository: named ?? run.repositoryURL,
            permissions: permissions,
            environmentTypes: spec.environmentTypes,
            environmentsMax: spec.environmentsMax,
            ttlMax: spec.ttlMax,
            dependencies: spec.dependencies,
            offerings: spec.offerings
        )
    }
}

/// A token of an issuer that was found to be good.
package struct VerifiedToken: Sendable {
    /// What it says.
    package let claims: PipelineClaims
    /// The issuer's own identity of the token, by which it is taken once.
    package let identity: String
    /// When it ends.
    package let endsAt: Instant

    /// Those claims, until then.
    package init(claims: PipelineClaims, identity: String, endsAt: Instant) {
        self.claims = claims
        self.identity = identity
        self.endsAt = endsAt
    }
}

/// Why a token of an issuer is not taken, as sentences for whoever sent it.
package enum VerificationFault: Error, Sendable, Equatable {
    /// The token is no good, whoever asks; what to do.
    case refused(String)
    /// Whether it is good cannot be told now; why, and after how many seconds to ask again.
    case unavailable(String, retryAfter: Int)
}
