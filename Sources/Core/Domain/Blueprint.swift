/// A Git repository that tenants' platform repositories are forked from.
package struct Blueprint: Sendable, Equatable {
    /// The identity, which no other thing of the kind ever has.
    package var id: BlueprintID
    /// The name, unique among things of the kind.
    package var name: BlueprintName
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: BlueprintSpec
    /// What Slipway saw of it.
    package var status: BlueprintStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the blueprint's `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant

    /// Puts together what is known.
    package init(
        id: BlueprintID,
        name: BlueprintName,
        labels: Labels,
        spec: BlueprintSpec,
        status: BlueprintStatus,
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

    /// The blueprint as events, jobs and the audit log mention it.
    package var reference: ObjectReference { .blueprint(id, name) }
}

/// Where a blueprint comes from.
package struct BlueprintSpec: Sendable, Hashable {
    /// The most characters of a URL.
    package static let urlLengthMax = 2048

    /// The pattern of tags where nothing else is said: the SemVer alone.
    package static let tagPatternDefault = "*"

    /// What people call the blueprint; nil where its name will do.
    package var displayName: String?
    /// The URL or the absolute path of the repository, without credentials.
    package var url: String
    /// Only tags that this branch contains are versions; nil takes those of any branch.
    package var branch: String?
    /// Which tags are versions; `*` stands for the SemVer.
    package var tagPattern: String
    /// The user name of the stored credentials; nil where there are none.
    ///
    /// The password is sealed and never shown.
    package var username: String?

    /// Puts together what is known.
    package init(
        displayName: String? = nil,
        url: String,
        branch: String? = nil,
        tagPattern: String = tagPatternDefault,
        username: String? = nil
    ) {
        self.displayName = displayName
        self.url = url
        self.branch = branch
        self.tagPattern = tagPattern
        self.username = username
    }
}

/// What Slipway saw of a blueprint.
package struct BlueprintStatus: Sendable, Equatable {
    /// Where a blueprint stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        case pending, ready, failed, deleting
    }

    /// Where the blueprint stands, in one word.
    package var phase: Phase
    /// What was seen, one aspect each.
    package var conditions: [Condition]
    /// The generation of the spec that the rest of the status speaks of; 0 before the first look.
    package var observedGeneration: Int64
    /// The version that new tenants get; nil while there is none.
    package var defaultVersion: String?
    /// How many versions are known.
    package var versions: Int
    /// The newest job of the blueprint.
    package var job: JobID?

    /// Puts together what is known.
    package init(
        phase: Phase,
        conditions: [Condition] = [],
        observedGeneration: Int64 = 0,
        defaultVersion: String? = nil,
        versions: Int = 0,
        job: JobID? = nil
    ) {
        self.phase = phase
        self.conditions = conditions
        self.observedGeneration = observedGeneration
        self.defaultVersion = defaultVersion
        self.versions = versions
        self.job = job
    }
}

/// One version of a blueprint: a tag, pinned to the commit that it named when it was found.
package struct BlueprintVersion: Sendable, Equatable {
    /// What a platform team thinks of a version.
    package enum State: String, Sendable, CaseIterable {
        /// Found, not offered by default.
        case proposed
        /// What tenants get that ask for no version; at most one of a blueprint.
        case `default`
        /// Works, but should be left.
        case deprecated
        /// Must not be used for anything new.
        case defective
    }

    /// The identity, which no other thing of the kind ever has.
    package var id: ID<BlueprintVersion>
    /// The blueprint that it is a version of.
    package var blueprint: BlueprintID
    /// The SemVer without a leading `v`, its name in paths.
    package var version: String
    /// The tag as it is in the repository, such as `v1.2.0`.
    package var tag: String
    /// The commit that the tag named when it was found; it never changes.
    package var commit: String
    /// What the platform team thinks of it.
    package var state: State
    /// The JSON Schema of the parameters: the text of a JSON object.
    package var parameterSchema: [UInt8]
    /// The first line of what the tag or the commit says.
    package var summary: String
    /// When the tag was first seen.
    package var discoveredAt: Instant
    /// When it last changed.
    package var updatedAt: Instant
    /// Goes up with every change; the version's `ETag` and its generation.
    package var revision: Int64

    /// Puts together what is known.
    package init(
        id: ID<BlueprintVersion>,
        blueprint: BlueprintID,
        version: String,
        tag: String,
        commit: String,
        state: State,
        parameterSchema: [UInt8],
        summary: String,
        discoveredAt: Instant,
        updatedAt: Instant,
        revision: Int64
    ) {
        self.id = id
        self.blueprint = blueprint
        self.version = version
        self.tag = tag
        self.commit = commit
        self.state = state
        self.parameterSchema = parameterSchema
        self.summary = summary
        self.discoveredAt = discoveredAt
        self.updatedAt = updatedAt
        self.revision = revision
    }
}
