/// A connection to a forge: a place where people keep repositories and open pull requests.
package struct Forge: Sendable, Equatable {
    /// The most forges of one installation.
    package static let countMax = 50

    /// The identity, which no other thing of the kind ever has.
    package var id: ForgeID
    /// The name, unique among forges.
    package var name: ForgeName
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: ForgeSpec
    /// What was found out about it.
    package var status: ForgeStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant

    /// Puts together what is known or wanted.
    package init(
        id: ForgeID,
        name: ForgeName,
        labels: Labels,
        spec: ForgeSpec,
        status: ForgeStatus,
        generation: Int64,
        revision: Int64,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.name = name
        self.labels = labels
        self.spec = spec
        self.status = status
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The forge as events and the audit log mention it.
    package var reference: ObjectReference {
        ObjectReference(kind: .forge, id: id.cast(), name: name.text)
    }
}

/// The identity of a forge.
package typealias ForgeID = ID<Forge>
/// The name of a forge.
package typealias ForgeName = ResourceName<Forge>

extension ForgeID {
    /// What the sealed token of this forge is bound to, so that it opens nowhere else.
    package var tokenContext: String { "forge/\(self)/token" }

    /// What the sealed SSH key of this forge is bound to.
    package var keyContext: String { "forge/\(self)/ssh-key" }
}

/// The programs that forges run.
package enum ForgeKind: String, Sendable, CaseIterable {
    case github, gitlab
    /// Forgejo too.
    case gitea

    /// The API of the forge that most people mean; nil for a kind that everybody runs alone.
    package var usualURL: String? {
        switch self {
        case .github: "https://api.github.com"
        case .gitlab: "https://gitlab.com/api/v4"
        case .gitea: nil
        }
    }
}

/// How a forge is reached.
package struct ForgeSpec: Sendable, Hashable {
    /// The most characters of an address.
    package static let urlLengthMax = 2_048
    /// The most characters of a token.
    package static let tokenLengthMax = 4_096
    /// The most rules for repositories that are sources.
    package static let sourcesMax = 50
    /// What stands in such a rule for the name of the tenant whose source it is.
    package static let tenantVariable = "${TENANT}"

    /// The program that it runs.
    package var kind: ForgeKind
    /// The base of its API, without a slash at its end.
    package var url: String
    /// Whether there is a token; without one nothing is reported to the forge.
    package var hasToken: Bool
    /// How it keeps repositories of tenants; nil where it keeps none.
    package var repositories: ForgeRepositories?
    /// Which repositories can be sources of tenants; nil for every one.
    package var sources: [Wildcard]?

    /// A forge of that kind at that address.
    package init(
        kind: ForgeKind,
        url: String,
        hasToken: Bool,
        repositories: ForgeRepositories? = nil,
        sources: [Wildcard]? = nil
    ) {
        self.kind = kind
        self.url = url
        self.hasToken = hasToken
        self.repositories = repositories
        self.sources = sources
    }

    /// Whether a tenant may have a source of that repository.
    ///
    /// Forges tell no upper from lower case in names, and neither do the rules.
    package func allows(source repository: String, of tenant: TenantName) -> Bool {
        guard let sources else { return true }
        return sources.contains { rule in
            let named = rule.description.replacing(Self.tenantVariable, with: tenant.text)
            return Wildcard(named.lowercased()).matches(repository.lowercased())
        }
    }
}

/// What was found out about a forge.
package struct ForgeStatus: Sendable, Hashable {
    /// What the last check came to.
    package enum Phase: String, Sendable, CaseIterable {
        /// It was not looked at yet.
        case pending
        /// It is of its kind, and takes the token.
        case ready
        /// It has no token: deliveries are taken, and nothing is reported.
        case silent
        /// It cannot be reached, does not take the token, or is of another kind.
        case failed
    }

    /// What the last check came to.
    package var phase: Phase
    /// The same in words, without secrets.
    package var message: String
    /// When it was last looked at; nil before that.
    package var checkedAt: Instant?
    /// Since when it is so.
    package var since: Instant

    /// A state since that moment.
    package init(phase: Phase, message: String, checkedAt: Instant? = nil, since: Instant) {
        self.phase = phase
        self.message = message
        self.checkedAt = checkedAt
        self.since = since
    }

    /// What holds of a spec before anybody looked.
    package init(of spec: ForgeSpec, at moment: Instant) {
        self.init(
            phase: spec.hasToken ? .pending : .silent,
            message: spec.hasToken
                ? "The forge was not looked at yet."
                : "There is no token: deliveries are taken, and nothing is reported.",
            since: moment
        )
    }
}

extension Forge {
    /// Whether the forge takes what is reported, as a condition.
    package var condition: Condition {
        let (state, reason): (Condition.Status, String) =
            switch status.phase {
            case .pending: (.unknown, "NotChecked")
            case .ready: (.true, "Reachable")
            case .silent: (.unknown, "NoToken")
            case .failed: (.false, "CheckFailed")
            }
        return Condition(
            type: "Reachable",
            status: state,
            reason: reason,
            message: status.message,
            observedGeneration: generation,
            lastTransitionAt: status.since
        )
    }
}
