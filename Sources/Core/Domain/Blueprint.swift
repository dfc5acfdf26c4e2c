/// A Git repository that tenants' platform repositories are forked from.
package struct Blueprint: Sendable, Equatable {
    package var id: BlueprintID
    package var name: BlueprintName
    package var labels: Labels
    package var spec: BlueprintSpec
    package var status: BlueprintStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the blueprint's `ETag`.
    package var revision: Int64
    package var createdAt: Instant
    package var updatedAt: Instant

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

    package var phase: Phase
    package var conditions: [Condition]
    /// The generation of the spec that the rest of the status speaks of; 0 before the first look.
    package var observedGeneration: Int64
    /// The version that new tenants get; nil while there is none.
    package var defaultVersion: String?
    /// How many versions are known.
    package var versions: Int
    /// The newest job of the blueprint.
    package var job: JobID?

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

    package var id: ID<BlueprintVersion>
    package var blueprint: BlueprintID
    /// The SemVer without a leading `v`, its name in paths.
    package var version: String
    /// The tag as it is in the repository, such as `v1.2.0`.
    package var tag: String
    /// The commit that the tag named when it was found; it never changes.
    package var commit: String
    package var state: State
    /// The JSON Schema of the parameters: the text of a JSON object.
    package var parameterSchema: [UInt8]
    /// The first line of what the tag or the commit says.
    package var summary: String
    package var discoveredAt: Instant
    package var updatedAt: Instant
    /// Goes up with every change; the version's `ETag` and its generation.
    package var revision: Int64

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
