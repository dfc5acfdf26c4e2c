package import JSON

/// A customer of the platform: what its owners want, and what Slipway made of it.
package struct Tenant: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package var id: TenantID
    /// The name, unique among things of the kind.
    package var name: TenantName
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: TenantSpec
    /// What Slipway saw of it.
    package var status: TenantStatus
    /// The blueprint that `spec.blueprint.name` stands for.
    package var blueprint: BlueprintID
    /// The platform repository, once it is there.
    package var repository: TenantRepository?
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the tenant's `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant

    /// Puts together what is known or wanted.
    package init(
        id: TenantID,
        name: TenantName,
        labels: Labels,
        spec: TenantSpec,
        status: TenantStatus,
        blueprint: BlueprintID,
        repository: TenantRepository? = nil,
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
        self.blueprint = blueprint
        self.repository = repository
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The tenant as events, jobs and the audit log mention it.
    package var reference: ObjectReference { .tenant(id, name) }
}

/// What the owners of a tenant want.
package struct TenantSpec: Sendable, Equatable {
    /// The most characters of a display name.
    package static let displayNameLengthMax = 200
    /// The most owners of one tenant.
    package static let ownersMax = 50
    /// The most characters of one owner.
    package static let ownerLengthMax = 254

    /// What people call the tenant; its name where nothing else was said.
    package var displayName: String
    /// Who is responsible, usually as mail addresses.
    package var owners: [String]
    /// The blueprint and version that the tenant is made from.
    package var blueprint: BlueprintChoice
    /// What the blueprint's parameters are set to, defaults filled in.
    package var parameters: JSONObject
    /// Whether `DELETE` is refused until somebody takes this back.
    package var deleteProtection: Bool
    /// Whether only admins may push to the default branch of the tenant's repository.
    package var protectsRepository: Bool
    /// On which forge the tenant's repository is, and stays; nil for this server.
    package var repository: RepositoryChoice?
    /// Whether reconciliation of the tenant is stopped.
    package var suspended: Bool
    /// Where the tenant's workloads run: the kind of its first cluster, made with it; nil for none.
    package var isolation: ClusterKind?
    /// How much it may have at once.
    package var quotas: TenantQuotas
    /// When nothing is rolled out into its environments; nil for never.
    package var freeze: TenantFreeze?

    /// Puts together what is known or wanted.
    package init(
        displayName: String,
        owners: [String] = [],
        blueprint: BlueprintChoice,
        parameters: JSONObject = JSONObject(),
        deleteProtection: Bool = false,
        protectsRepository: Bool = false,
        repository: RepositoryChoice? = nil,
        suspended: Bool = false,
        isolation: ClusterKind? = nil,
        quotas: TenantQuotas = .usual,
        freeze: TenantFreeze? = nil
    ) {
        self.displayName = displayName
        self.owners = owners
        self.blueprint = blueprint
        self.parameters = parameters
        self.deleteProtection = deleteProtection
        self.protectsRepository = protectsRepository
        self.repository = repository
        self.suspended = suspended
        self.isolation = isolation
        self.quotas = quotas
        self.freeze = freeze
    }
}

/// Which blueprint a tenant is made from.
package struct BlueprintChoice: Sendable, Hashable {
    /// The name, unique among things of the kind.
    package var name: BlueprintName
    /// The version that is asked for; nil follows the blueprint's default.
    package var version: String?

    /// Puts together what is known or wanted.
    package init(name: BlueprintName, version: String? = nil) {
        self.name = name
        self.version = version
    }
}

/// What Slipway saw of a tenant.
package struct TenantStatus: Sendable, Equatable {
    /// Where a tenant stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        case pending, provisioning, ready, degraded, suspended, deleting
    }

    /// Where the tenant stands, in one word.
    package var phase: Phase
    /// What was seen, one aspect each.
    package var conditions: [Condition]
    /// The generation of the spec that the rest of the status speaks of; 0 before the first look.
    package var observedGeneration: Int64
    /// The version of the blueprint that the repository stands at; nil before there is one.
    package var version: String?
    /// The newest job of the tenant.
    package var job: JobID?
    /// Its clusters, by name.
    package var clusters: [ClusterSummary]
    /// Where its repository is; nil for this server, and before it is made.
    package var repository: RepositoryAddress?

    /// Puts together what is known or wanted.
    package init(
        phase: Phase,
        conditions: [Condition] = [],
        observedGeneration: Int64 = 0,
        version: String? = nil,
        job: JobID? = nil,
        clusters: [ClusterSummary] = [],
        repository: RepositoryAddress? = nil
    ) {
        self.repository = repository
        self.phase = phase
        self.conditions = conditions
        self.observedGeneration = observedGeneration
        self.version = version
        self.job = job
        self.clusters = clusters
    }
}

/// One of a tenant's clusters, in as few words as there are.
package struct ClusterSummary: Sendable, Hashable {
    /// Its name.
    package var name: ClusterName
    /// What is underneath.
    package var kind: ClusterKind
    /// Where it stands.
    package var phase: ClusterStatus.Phase

    /// A cluster of that name.
    package init(name: ClusterName, kind: ClusterKind, phase: ClusterStatus.Phase) {
        self.name = name
        self.kind = kind
        self.phase = phase
    }
}

/// The platform repository of a tenant: a fork of its blueprint.
package struct TenantRepository: Sendable, Equatable {
    /// The repository's name within the tenant, the last part of its clone URL without `.git`.
    package var name: String
    /// The branch that is reconciled.
    package var branch: String
    /// The version of the blueprint that was forked or merged last.
    package var blueprintVersion: String
    /// The commit of the blueprint that the repository is based on.
    package var baseCommit: String
    /// The commit that Slipway made on top of it.
    package var commit: String
    /// The parameters that were filled in.
    package var parameters: JSONObject
    /// Where it is on a forge; nil for this server.
    package var address: RepositoryAddress?
    /// From where clusters read it on that forge; nil for this server.
    package var readURL: String?

    /// Puts together what is known or wanted.
    package init(
        name: String,
        branch: String,
        blueprintVersion: String,
        baseCommit: String,
        commit: String,
        parameters: JSONObject,
        address: RepositoryAddress? = nil,
        readURL: String? = nil
    ) {
        self.address = address
        self.readURL = readURL
        self.name = name
        self.branch = branch
        self.blueprintVersion = blueprintVersion
        self.baseCommit = baseCommit
        self.commit = commit
        self.parameters = parameters
    }
}
