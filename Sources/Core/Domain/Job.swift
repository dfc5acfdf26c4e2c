/// Long work as the API shows it: a list of steps done by workers, one after the other.
package struct Job: Sendable, Equatable {
    /// The identity of the job, also in its address.
    package var id: JobID
    /// The workflow that does the work.
    package var kind: JobKind
    /// What the job works on; jobs of one subject run in order.
    package var subject: ObjectReference
    /// The tenant whose people may see the job; nil for work of the platform.
    package var tenant: TenantID?
    /// Where it stands.
    package var state: JobState
    /// The step that is next or under way; nil where none is left.
    package var step: String?
    /// The steps that are done, and the one that is next or under way.
    package var steps: [JobStep]
    /// How many times the current step was begun and counted.
    package var attempt: Int
    /// When the job is due next; nil where it is not going to run.
    package var runAt: Instant?
    /// What the job waits on; only while it is waiting.
    package var waiting: JobWaiting?
    /// What went wrong last, in words without secrets; nil where nothing did.
    package var lastError: String?
    /// Whether somebody asked to end the job.
    package var isCancelRequested: Bool
    /// When it was made.
    package var createdAt: Instant
    /// When work on it first began; nil before that.
    package var startedAt: Instant?
    /// When it ended; nil before that.
    package var finishedAt: Instant?
    /// Goes up with every change; the job's `ETag`.
    package var revision: Int64

    /// Puts together what is known.
    package init(
        id: JobID,
        kind: JobKind,
        subject: ObjectReference,
        tenant: TenantID?,
        state: JobState,
        step: String?,
        steps: [JobStep],
        attempt: Int,
        runAt: Instant?,
        waiting: JobWaiting?,
        lastError: String?,
        isCancelRequested: Bool,
        createdAt: Instant,
        startedAt: Instant?,
        finishedAt: Instant?,
        revision: Int64
    ) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.tenant = tenant
        self.state = state
        self.step = step
        self.steps = steps
        self.attempt = attempt
        self.runAt = runAt
        self.waiting = waiting
        self.lastError = lastError
        self.isCancelRequested = isCancelRequested
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.revision = revision
    }
}

/// The name of a workflow, such as `tenant.provision`.
package struct JobKind: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// A kind by its text; which kinds there are is known where workflows are registered.
    package init(_ text: String) {
        description = text
    }

    /// Forks the blueprint for a new tenant and registers it.
    package static let tenantProvision = JobKind("tenant.provision")
    /// Brings repository and registration of a tenant to its changed spec.
    package static let tenantUpdate = JobKind("tenant.update")
    /// Takes down everything that was made for a tenant.
    package static let tenantDelete = JobKind("tenant.delete")
    /// Looks for new versions of a blueprint.
    package static let blueprintRefresh = JobKind("blueprint.refresh")
    /// Makes a tenant's cluster, or takes one that was there before into the fleet.
    package static let clusterCreate = JobKind("cluster.create")
    /// Brings a tenant's cluster to its changed spec, or to its tenant's state.
    package static let clusterUpdate = JobKind("cluster.update")
    /// Takes down a tenant's cluster.
    package static let clusterDelete = JobKind("cluster.delete")
    /// Rolls something out into a tenant's environment, making it where it is not there yet.
    package static let environmentDeploy = JobKind("environment.deploy")
    /// Rolls something out into a tenant's environment by and by, beside what runs there.
    package static let environmentShift = JobKind("environment.shift")
    /// Brings a tenant's environment to its changed spec: to sleep, awake, paused.
    package static let environmentUpdate = JobKind("environment.update")
    /// Takes down a tenant's environment.
    package static let environmentDelete = JobKind("environment.delete")
    /// Delivers a tenant's service, making it where it is not there yet.
    package static let serviceDeliver = JobKind("service.deliver")
    /// Leaves a tenant's service as it is for now, or no longer.
    package static let serviceUpdate = JobKind("service.update")
    /// Takes down a tenant's service, once nothing is bound to it.
    package static let serviceDelete = JobKind("service.delete")
    /// Makes the next credential of a binding, and gives it to the consumer.
    package static let bindingIssue = JobKind("binding.issue")
    /// Removes a credential whose time is over.
    package static let bindingRetire = JobKind("binding.retire")
    /// Takes access from the consumer, and removes every credential of the binding.
    package static let bindingRevoke = JobKind("binding.revoke")
    /// Does what a delivery of a forge asks for.
    package static let hookHandle = JobKind("hook.handle")
    /// Looks at a management cluster: what is there and what is missing.
    package static let managementClusterCheck = JobKind("management-cluster.check")
}

/// A job that is to be stored; it becomes available at once.
package struct NewJob: Sendable, Equatable {
    /// The identity of the job, also in its address.
    package var id: JobID
    /// The workflow that does the work.
    package var kind: JobKind
    /// What the job works on.
    package var subject: ObjectReference
    /// The tenant whose people may see the job; nil for work of the platform.
    package var tenant: TenantID?
    /// What the workflow needs beside its subject: the text of a JSON object.
    package var input: [UInt8]

    /// Puts together what is known.
    package init(
        id: JobID,
        kind: JobKind,
        subject: ObjectReference,
        tenant: TenantID?,
        input: [UInt8] = Array("{}".utf8)
    ) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.tenant = tenant
        self.input = input
    }

    /// Jobs of one lane run in order: one lane for everything about one subject.
    package var lane: String { "\(subject.kind.rawValue)/\(subject.name)" }
}

/// What a job waits on outside of Slipway.
package struct JobWaiting: Sendable, Equatable {
    /// What is waited on, in words.
    package var on: String
    /// Since when that is waited on.
    package var since: Instant
    /// Who can release it, in words; nil where only time can.
    package var releasedBy: String?

    /// Puts together what is known.
    package init(on: String, since: Instant, releasedBy: String?) {
        self.on = on
        self.since = since
        self.releasedBy = releasedBy
    }
}

/// One named step of a job as the API shows it.
package struct JobStep: Sendable, Equatable {
    /// Where a step stands.
    package enum State: String, Sendable, CaseIterable {
        case pending, running, completed
    }

    /// The name of the step within its workflow.
    package var name: String
    /// Where it stands.
    package var state: State
    /// How many times the step was begun.
    package var attempts: Int
    /// When work on it first began; nil before that.
    package var startedAt: Instant?
    /// When it ended; nil before that.
    package var finishedAt: Instant?
    /// What the step left behind as proof: the text of a JSON value; nil until it is done.
    package var evidence: [UInt8]?

    /// Puts together what is known.
    package init(
        name: String,
        state: State,
        attempts: Int,
        startedAt: Instant?,
        finishedAt: Instant?,
        evidence: [UInt8]?
    ) {
        self.name = name
        self.state = state
        self.attempts = attempts
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.evidence = evidence
    }
}

/// One line of a job's log.
package struct JobLogLine: Sendable, Equatable {
    /// How much a line matters.
    package enum Level: String, Sendable, CaseIterable {
        case debug, info, warning, error
    }

    /// Where the line stands: later lines of a job have higher numbers, not always the next.
    package var line: Int
    /// When the line was written.
    package var at: Instant
    /// How much the line matters.
    package var level: Level
    /// The step that wrote the line; nil for the job itself.
    package var step: String?
    /// What there is to say; never with a secret.
    package var message: String

    /// Puts together what is known.
    package init(line: Int, at: Instant, level: Level, step: String?, message: String) {
        self.line = line
        self.at = at
        self.level = level
        self.step = step
        self.message = message
    }
}
