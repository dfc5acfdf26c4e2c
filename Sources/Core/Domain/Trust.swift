/// Which runs of which pipeline get a token of a tenant, and what that token may do.
package struct Trust: Sendable, Equatable {
    /// The most trusts of one tenant.
    package static let countMax = 50
    /// The most tokens of one trust that work at once.
    package static let tokensMax = 500

    /// The identity, which no other thing of the kind ever has.
    package var id: TrustID
    /// The tenant whose environments are made.
    package var tenant: TenantID
    /// The name of that tenant.
    package var tenantName: TenantName
    /// The name, unique within the tenant.
    package var name: TrustName
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: TrustSpec
    /// When it last gave a token; nil where it never did.
    package var usedAt: Instant?
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
        id: TrustID,
        tenant: TenantID,
        tenantName: TenantName,
        name: TrustName,
        labels: Labels,
        spec: TrustSpec,
        usedAt: Instant? = nil,
        generation: Int64 = 1,
        revision: Int64 = 1,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.tenant = tenant
        self.tenantName = tenantName
        self.name = name
        self.labels = labels
        self.spec = spec
        self.usedAt = usedAt
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The trust as events and the audit log mention it.
    package var reference: ObjectReference { .trust(id, name, of: tenantName) }
}

/// The identity of a trust.
package typealias TrustID = ID<Trust>
/// The name of a trust, unique within its tenant.
package typealias TrustName = ResourceName<Trust>

/// Which runs are trusted, and with what.
package struct TrustSpec: Sendable, Hashable {
    /// One claim that a run must make.
    package struct Claim: Sendable, Hashable {
        /// The name of the claim.
        package var name: String
        /// What its text must match.
        package var pattern: Wildcard

        /// That claim, with a text of that pattern.
        package init(name: String, pattern: Wildcard) {
            self.name = name
            self.pattern = pattern
        }
    }

    /// The most characters of any text here.
    package static let textLengthMax = 500
    /// The most patterns of refs, of claims, of events and of dependencies and of offerings,
    /// each.
    package static let listMax = 20
    /// The most environments at once that any trust allows.
    package static let environmentsMost = 1_000
    /// How long a token works where nobody says: long enough for a roll-out.
    package static let tokenTTLUsual: Duration = .seconds(15 * 60)
    /// The shortest and the longest that a token works.
    package static let tokenTTLs: ClosedRange<Duration> = .seconds(60) ... .seconds(3_600)
    /// Runs that have a repository's rights and may be started by anybody who opens a pull request.
    package static let excludedUsual = ["pull_request_target"]

    /// Who vouches for the runs: one of the operator's allowed issuers.
    package var issuer: String
    /// Whom the forge's token must be made for.
    package var audience: String
    /// The repository as the forge names it, such as `acme/shop`; nil where `claims` say enough.
    package var repository: String?
    /// The forge's number for it, which nobody else gets when the name becomes free; nil for any.
    package var repositoryID: String?
    /// The address that environments name as their source; nil for what issuer and repository make.
    package var repositoryURL: String?
    /// Full names of branches and tags, one of which must match; none for any.
    package var refs: [Wildcard]
    /// Whether only runs of protected branches and tags are trusted.
    package var protectedRefs: Bool
    /// The forge's own environment that the run must be in; nil for any or none.
    package var environment: String?
    /// What else the run must claim.
    package var claims: [Claim]
    /// What must not have started the run.
    package var excludedEvents: [String]
    /// The types of environments that may be made and changed.
    package var environmentTypes: [EnvironmentType]
    /// The most environments that the trust has made at once.
    package var environmentsMax: Int
    /// How far ahead the end of an environment may be.
    package var ttlMax: Duration
    /// Names of environments that others may be made to depend on although the trust does not reach
    /// them.
    package var dependencies: [Wildcard]
    /// Names of offerings that environments may order.
    package var offerings: [Wildcard]
    /// How long a token works.
    package var tokenTTL: Duration

    /// What is trusted with what; ephemeral environments for three days where nobody says.
    package init(
        issuer: String,
        audience: String,
        repository: String? = nil,
        repositoryID: String? = nil,
        repositoryURL: String? = nil,
        refs: [Wildcard] = [],
        protectedRefs: Bool = false,
        environment: String? = nil,
        claims: [Claim] = [],
        excludedEvents: [String] = excludedUsual,
        environmentTypes: [EnvironmentType] = [.ephemeral],
        environmentsMax: Int = 20,
        ttlMax: Duration = .seconds(72 * 3_600),
        dependencies: [Wildcard] = [],
        offerings: [Wildcard] = [],
        tokenTTL: Duration = tokenTTLUsual
    ) {
        self.issuer = issuer
        self.audience = audience
        self.repository = repository
        self.repositoryID = repositoryID
        self.repositoryURL = repositoryURL
        self.refs = refs
        self.protectedRefs = protectedRefs
        self.environment = environment
        self.claims = claims
        self.excludedEvents = excludedEvents
        self.environmentTypes = environmentTypes
        self.environmentsMax = environmentsMax
        self.ttlMax = ttlMax
        self.dependencies = dependencies
        self.offerings = offerings
        self.tokenTTL = tokenTTL
    }
}
