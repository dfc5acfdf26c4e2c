/// A tenant's place in which a service runs: for a pull request, for a team, or for customers.
package struct Environment: Sendable, Equatable {
    /// The most characters of a name: it becomes part of a host name with the tenant's.
    package static let nameLengthMax = 40

    /// The identity, which no other thing of the kind ever has.
    package var id: EnvironmentID
    /// The tenant that it belongs to.
    package var tenant: TenantID
    /// The name of that tenant.
    package var tenantName: TenantName
    /// The name, unique within the tenant.
    package var name: EnvironmentName
    /// What selectors find it by.
    package var labels: Labels
    /// What is wanted.
    package var spec: EnvironmentSpec
    /// What Slipway saw of it.
    package var status: EnvironmentStatus
    /// Goes up with every change of `spec`, from 1.
    package var generation: Int64
    /// Goes up with every change of anything, from 1; the environment's `ETag`.
    package var revision: Int64
    /// When it was made.
    package var createdAt: Instant
    /// When it last changed.
    package var updatedAt: Instant
    /// The environments that depend on it and are not on their way out, in the order of their
    /// names.
    package var dependents: [EnvironmentName]

    /// Puts together what is known or wanted.
    package init(
        id: EnvironmentID,
        tenant: TenantID,
        tenantName: TenantName,
        name: EnvironmentName,
        labels: Labels,
        spec: EnvironmentSpec,
        status: EnvironmentStatus,
        generation: Int64,
        revision: Int64,
        createdAt: Instant,
        updatedAt: Instant,
        dependents: [EnvironmentName] = []
    ) {
        self.id = id
        self.tenant = tenant
        self.tenantName = tenantName
        self.name = name
        self.labels = labels
        self.spec = spec
        self.status = status
        self.generation = generation
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.dependents = dependents
    }

    /// The environment as events, jobs and the audit log mention it.
    package var reference: ObjectReference { .environment(id, name, of: tenantName) }
}

/// The name of an environment, unique within its tenant.
package typealias EnvironmentName = ResourceName<Environment>
/// The identity of an environment.
package typealias EnvironmentID = ID<Environment>

/// What Slipway saw of an environment.
package struct EnvironmentStatus: Sendable, Equatable {
    /// Where an environment stands, in one word.
    package enum Phase: String, Sendable, CaseIterable {
        case pending, deploying, ready, degraded, failed, asleep, deleting
    }

    /// The most objects that the status lists; those that are not ready come first.
    package static let objectsMax = 50

    /// Where the environment stands, in one word.
    package var phase: Phase
    /// What was seen, one aspect each.
    package var conditions: [Condition]
    /// The generation of the spec that the rest of the status speaks of; 0 before the first look.
    package var observedGeneration: Int64
    /// The roll-out that runs; nil before the first is done.
    package var live: RollOut?
    /// The roll-out that is under way; nil where none is.
    package var coming: RollOut?
    /// The roll-outs that wait for the one under way, the oldest first.
    package var queued: [RollOut]
    /// The newest roll-out, where something keeps it from beginning; nil where nothing does.
    package var held: HeldRollOut?
    /// What the last roll-out has left that was not to be; nil where it left nothing.
    package var leftover: RollOutLeftover?
    /// That nothing new is rolled out, because somebody said so; nil where nobody did.
    package var lock: EnvironmentLock?
    /// How many roll-outs there were, those that wait included: the number of the newest.
    package var deployments: Int64
    /// Where it answers; nil before that is known.
    package var url: String?
    /// What the template says of it for others to use, by name.
    package var outputs: [String: String]
    /// The cluster that it runs in; nil before one was chosen.
    package var cluster: ClusterName?
    /// Its namespace there; nil before one was chosen.
    package var namespace: String?
    /// Its objects, those that are not ready first.
    package var objects: [SeenReadiness]
    /// What it waits on; nil where it waits on nothing.
    package var waiting: ClusterWait?
    /// When it was last refreshed or extended.
    package var refreshedAt: Instant
    /// Until when it was extended beyond its `ttl`; nil where it was not.
    package var extendedTo: Instant?
    /// When it was last used in any way.
    package var usedAt: Instant
    /// When it ends, and by which of its limits; nil for never.
    package var expiry: EnvironmentExpiry?
    /// That its end and its sleep are put off, because others need it; nil where they are not.
    package var putOff: EnvironmentPutOff?
    /// The end that people were warned of, as its limits alone have it; nil where they were not.
    package var warnedOf: Instant?
    /// When they were warned; nil where they were not.
    package var warnedAt: Instant?
    /// When it was last woken or put to sleep; nil where it never was.
    package var switchedAt: Instant?
    /// Why it goes; nil where nobody and nothing ends it.
    package var ending: EnvironmentEnding?
    /// The environment whose companion it is; nil where it is nobody's.
    package var companionOf: EnvironmentName?
    /// The newest job of the environment.
    package var job: JobID?
    /// Whether that job has stopped before its end, so that the same call begins another one.
    package var isInterrupted: Bool

    /// A status in which nothing was seen yet.
    package init(phase: Phase, at moment: Instant) {
        self.phase = phase
        conditions = []
        observedGeneration = 0
        live = nil
        coming = nil
        queued = []
        held = nil
        leftover = nil
        lock = nil
        deployments = 0
        url = nil
        outputs = [:]
        cluster = nil
        namespace = nil
        objects = []
        waiting = nil
        refreshedAt = moment
        extendedTo = nil
        usedAt = moment
        expiry = nil
        putOff = nil
        warnedOf = nil
        warnedAt = nil
        switchedAt = nil
        ending = nil
        companionOf = nil
        job = nil
        isInterrupted = false
    }

    /// The job is the newest from now on.
    mutating func begin(_ next: JobID) {
        job = next
        isInterrupted = false
    }
}

/// What one roll-out puts into an environment.
package struct RollOut: Sendable, Hashable {
    /// The record of the roll-out.
    package var deployment: DeploymentID
    /// Which one of the environment's it is, from 1.
    package var number: Int64
    /// What it puts there.
    package var content: DeploymentContent
    /// When it was asked for; once it is live, since when it is.
    package var since: Instant
    /// When work on it began; nil before that.
    package var startedAt: Instant?
    /// The job that does it.
    package var job: JobID
    /// The commit of the tenant's platform repository that holds its files; nil before it is live.
    package var commit: String?
    /// What it took of what it depends on; empty before that.
    package var taken: [TakenDependency]
    /// How far it has come, where it takes over by and by.
    package var progress: RolloutProgress?
    /// What people want of it, where it takes over by and by.
    package var wish: RolloutWish?
    /// That it stays at the step where it is; nil where nobody wants that.
    package var pause: RolloutPause?

    /// That content, by that roll-out.
    package init(
        deployment: DeploymentID,
        number: Int64,
        content: DeploymentContent,
        since: Instant,
        startedAt: Instant? = nil,
        job: JobID,
        commit: String? = nil,
        taken: [TakenDependency] = [],
        progress: RolloutProgress? = nil,
        wish: RolloutWish? = nil,
        pause: RolloutPause? = nil
    ) {
        self.deployment = deployment
        self.number = number
        self.content = content
        self.since = since
        self.startedAt = startedAt
        self.job = job
        self.commit = commit
        self.taken = taken
        self.progress = progress
        self.wish = wish
        self.pause = pause
    }
}

/// What a roll-out that came to no good end may have left outside.
package struct RollOutLeftover: Sendable, Hashable {
    /// Which roll-out.
    package var number: Int64
    /// Whether a part of the requests still goes to what it brought.
    package var splitsTraffic: Bool

    /// That roll-out, and what it has left.
    package init(number: Int64, splitsTraffic: Bool) {
        self.number = number
        self.splitsTraffic = splitsTraffic
    }
}

/// Why an environment is on its way out.
package enum EnvironmentEnding: Sendable, Hashable {
    /// Somebody asked for it.
    case request(by: String)
    /// Its time is over, by that limit.
    case expiry(EnvironmentExpiry.Limit)
    /// Its tenant goes.
    case tenant
    /// It was a companion of that environment, which needs it no longer.
    case owner(EnvironmentName)

    /// Why it goes, as a sentence for people.
    package var reason: String {
        switch self {
        case .request(let who): "\(who) asked for it."
        case .expiry(let limit): limit.reason
        case .tenant: "Its tenant is being deleted."
        case .owner(let name):
            "The environment \(name), whose companion it was, needs it no longer."
        }
    }
}

/// Whether one object of an environment does what it is for.
package struct SeenReadiness: Sendable, Hashable {
    /// How an object does.
    package enum State: String, Sendable, CaseIterable {
        /// It does what it is for.
        case ready
        /// It is on its way there.
        case progressing
        /// It will not get there by itself.
        case failed
    }

    /// The object, as `Kind/name`.
    package var object: String
    /// How it does.
    package var state: State
    /// Why, as one CamelCase word; empty where it is ready.
    package var reason: String
    /// Why, in words for people; empty where it is ready.
    package var message: String

    /// That state of that object.
    package init(object: String, state: State, reason: String = "", message: String = "") {
        self.object = object
        self.state = state
        self.reason = reason
        self.message = message
    }
}
