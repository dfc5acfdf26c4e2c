/// The record of one roll-out into an environment; it outlives the environment.
package struct Deployment: Sendable, Equatable {
    /// Where a roll-out stands.
    package enum State: String, Sendable, CaseIterable {
        /// It waits for somebody to approve it, or for a window.
        case held
        /// It waits for the one before.
        case queued
        /// It is under way.
        case running
        /// It is live, or was.
        case succeeded
        /// It did not become ready.
        case failed
        /// Somebody gave it up.
        case cancelled
        /// A newer one took its place before it was live.
        case superseded
    }

    /// What the roll-out came from.
    package enum Origin: Sendable, Hashable {
        /// A call that said what is to run.
        case request
        /// The images of another environment, as they run there.
        case promotion(from: EnvironmentName, deployment: DeploymentID)
        /// An earlier roll-out.
        case rollback(to: DeploymentID)
        /// A hook of a forge.
        case hook(delivery: String)
    }

    /// The identity, which no other thing of the kind ever has.
    package var id: DeploymentID
    /// The environment.
    package var environment: EnvironmentID
    /// The name that the environment has or had.
    package var environmentName: EnvironmentName
    /// The tenant.
    package var tenant: TenantID
    /// Which one of the environment's it is, from 1.
    package var number: Int64
    /// Where it stands.
    package var state: State
    /// What it came from.
    package var origin: Origin
    /// What it puts into the environment.
    package var content: DeploymentContent
    /// What it changes.
    package var difference: DeploymentDifference
    /// Who asked for it.
    package var by: String
    /// The job that does it; while it is held, the job that is going to do it.
    package var job: JobID
    /// What held it up, and who let it go on; nil where nothing did.
    package var hold: DeploymentHold?
    /// What happened, as a sentence; nil while it is under way.
    package var outcome: String?
    /// When it was asked for.
    package var createdAt: Instant
    /// When work on it first began; nil before that.
    package var startedAt: Instant?
    /// When it ended; nil before that.
    package var finishedAt: Instant?
    /// Goes up with every change, from 1; the record's `ETag`.
    package var revision: Int64

    /// Puts together what is known.
    package init(
        id: DeploymentID,
        environment: EnvironmentID,
        environmentName: EnvironmentName,
        tenant: TenantID,
        number: Int64,
        state: State,
        origin: Origin,
        content: DeploymentContent,
        difference: DeploymentDifference,
        by: String,
        job: JobID,
        hold: DeploymentHold? = nil,
        outcome: String? = nil,
        createdAt: Instant,
        startedAt: Instant? = nil,
        finishedAt: Instant? = nil,
        revision: Int64 = 1
    ) {
        self.id = id
        self.environment = environment
        self.environmentName = environmentName
        self.tenant = tenant
        self.number = number
        self.state = state
        self.origin = origin
        self.content = content
        self.difference = difference
        self.by = by
        self.job = job
        self.hold = hold
        self.outcome = outcome
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.revision = revision
    }

    /// How long it took from the first work on it to its end; nil before that.
    package var duration: Duration? {
        guard let startedAt, let finishedAt else { return nil }
        return finishedAt - startedAt
    }
}

/// The identity of a roll-out's record.
package typealias DeploymentID = ID<Deployment>
