package import JSON

/// A repository on a forge whose pull requests and pushes make environments of a tenant.
package struct Source: Sendable, Equatable {
    /// The most sources of one tenant.
    package static let countMax = 100
    /// The most sources of one repository, each for a service of it, of one tenant: a delivery that
    /// nobody sent is hashed with the secrets of all of them.
    package static let ofRepositoryMax = 10

    /// The identity, which no other thing of the kind ever has.
    package var id: SourceID
    /// The tenant.
    package var tenant: TenantReference
    /// The name, unique in the tenant.
    package var name: SourceName
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: SourceSpec
    /// The program that the forge runs.
    package var forgeKind: ForgeKind
    /// What came of it so far.
    package var status: SourceStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything but figures, from 1; the `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant

    /// Puts together what is known or wanted.
    package init(
        id: SourceID,
        tenant: TenantReference,
        name: SourceName,
        labels: Labels,
        spec: SourceSpec,
        forgeKind: ForgeKind,
        status: SourceStatus = SourceStatus(),
        generation: Int64 = 1,
        revision: Int64 = 1,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.labels = labels
        self.spec = spec
        self.forgeKind = forgeKind
        self.status = status
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The source as events and the audit log mention it.
    package var reference: ObjectReference {
        ObjectReference(kind: .source, id: id.cast(), name: "\(tenant.name)/\(name)")
    }

    /// Who makes what the source makes, as records name it.
    package var actor: String { "hook \(name)" }
}

/// The identity of a source.
package typealias SourceID = ID<Source>
/// The name of a source.
package typealias SourceName = ResourceName<Source>

extension SourceID {
    /// What the sealed secret of this source is bound to, so that it opens nowhere else.
    package var secretContext: String { "source/\(self)/secret" }
}

/// What came of a source so far.
package struct SourceStatus: Sendable, Hashable {
    /// When something was last delivered; nil before that.
    package var deliveredAt: Instant?
    /// Deliveries that are not handled yet.
    package var waiting: Int
    /// Pull requests that wait for an approval.
    package var unapproved: Int
    /// Until when the secret before the current one proves deliveries as well; nil for not at all.
    package var previousSecretUntil: Instant?

    /// Those figures.
    package init(
        deliveredAt: Instant? = nil,
        waiting: Int = 0,
        unapproved: Int = 0,
        previousSecretUntil: Instant? = nil
    ) {
        self.deliveredAt = deliveredAt
        self.waiting = waiting
        self.unapproved = unapproved
        self.previousSecretUntil = previousSecretUntil
    }
}

/// Which repository makes which environments.
package struct SourceSpec: Sendable, Hashable {
    /// The most characters of a repository's path.
    package static let repositoryLengthMax = 300
    /// The most rules for branches.
    package static let branchesMax = 20

    /// The forge, by name.
    package var forge: ForgeName
    /// The repository's path on the forge, such as `acme/shop`.
    package var repository: String
    /// The service that its environments run; nil for none.
    package var service: ServiceName?
    /// The template of its environments; nil for the blueprint's usual one.
    package var template: EnvironmentTemplateName?
    /// The parameters of the template.
    package var parameters: JSONObject
    /// What pull requests make.
    package var pullRequests: PullRequestRule
    /// What pushes to branches make; the first rule that fits counts.
    package var branches: [BranchRule]
    /// What the forge is told.
    package var report: ReportRule

    /// Rules for a repository of a forge.
    package init(
        forge: ForgeName,
        repository: String,
        service: ServiceName? = nil,
        template: EnvironmentTemplateName? = nil,
        parameters: JSONObject = JSONObject(),
        pullRequests: PullRequestRule = PullRequestRule(),
        branches: [BranchRule] = [],
        report: ReportRule = ReportRule()
    ) {
        self.forge = forge
        self.repository = repository
        self.service = service
        self.template = template
        self.parameters = parameters
        self.pullRequests = pullRequests
        self.branches = branches
        self.report = report
    }
}

/// What pull requests make.
package struct PullRequestRule: Sendable, Hashable {
    /// The most labels of which a pull request needs one.
    package static let labelsMax = 20

    /// What becomes of a pull request from a fork.
    package enum Forks: String, Sendable, CaseIterable {
        /// It waits for an approval of each of its revisions.
        case approval
        /// It makes nothing.
        case ignore
    }

    /// Whether they make anything.
    package var isEnabled: Bool
    /// The name of the environment.
    package var name: SourcePattern
    /// The images, by name.
    package var images: [String: SourcePattern]
    /// How long an environment is there; what is left open comes from the template.
    package var lifetime: EnvironmentLifetime
    /// What becomes of those from forks.
    package var forks: Forks
    /// Whether drafts count.
    package var drafts: Bool
    /// Labels of which a pull request needs one; empty for none.
    package var labels: [String]

    /// The rule where nothing is said.
    package init(
        isEnabled: Bool = true,
        name: SourcePattern = SourcePattern("pr-${PULL_REQUEST}"),
        images: [String: SourcePattern] = [:],
        lifetime: EnvironmentLifetime = EnvironmentLifetime(),
        forks: Forks = .approval,
        drafts: Bool = true,
        labels: [String] = []
    ) {
        self.isEnabled = isEnabled
        self.name = name
        self.images = images
        self.lifetime = lifetime
        self.forks = forks
        self.drafts = drafts
        self.labels = labels
    }
}

/// What pushes to some branches make.
package struct BranchRule: Sendable, Hashable {
    /// The branches: a name, in which `*` stands for any characters.
    package var pattern: String
    /// The name of the environment.
    package var environment: SourcePattern
    /// What a new environment is for.
    package var type: EnvironmentType
    /// The images, by name.
    package var images: [String: SourcePattern]

    /// A rule for branches of that pattern.
    package init(
        pattern: String,
        environment: SourcePattern,
        type: EnvironmentType,
        images: [String: SourcePattern]
    ) {
        self.pattern = pattern
        self.environment = environment
        self.type = type
        self.images = images
    }

    /// Whether the rule is about the branch.
    package func matches(_ branch: String) -> Bool {
        Self.matches(Array(pattern.utf8), Array(branch.utf8))
    }

    /// Two places and the last star: linear in practice, and never more than the product.
    private static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        let star = UInt8(ascii: "*")
        var (at, place) = (0, 0)
        var back: (pattern: Int, text: Int)?
        while place < text.count {
            if at < pattern.count, pattern[at] == star {
                back = (at + 1, place)
                at += 1
            } else if at < pattern.count, pattern[at] == text[place] {
                at += 1
                place += 1
            } else if let last = back {
                back = (last.pattern, last.text + 1)
                (at, place) = (last.pattern, last.text + 1)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == star }
    }
}

/// What a forge is told of environments.
package struct ReportRule: Sendable, Hashable {
    /// Whether the commit gets a status.
    package var status: Bool
    /// Whether the forge lists the environment and its deployments, where it can.
    package var deployment: Bool
    /// Whether a pull request gets a comment, which is kept up to date.
    package var comment: Bool

    /// All of it unless said otherwise.
    package init(status: Bool = true, deployment: Bool = true, comment: Bool = true) {
        self.status = status
        self.deployment = deployment
        self.comment = comment
    }

    /// Whether anything is told.
    package var isAnything: Bool { status || deployment || comment }
}
