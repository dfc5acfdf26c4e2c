package import Domain
package import JSON

/// What jobs of one kind do: named steps, one after the other.
package struct Workflow: Sendable {
    /// The kind of the jobs.
    package let kind: JobKind
    /// The steps in their order, each name once.
    package let steps: [any Step]
    /// What becomes true in the domain when a job ends otherwise than done.
    package let interrupted: @Sendable (Interruption) -> [StepFact]

    /// Those steps, in that order.
    package init(
        _ kind: JobKind,
        steps: [any Step],
        whenInterrupted interrupted: @escaping @Sendable (Interruption) -> [StepFact] = { _ in [] }
    ) {
        precondition(!steps.isEmpty, "a workflow has at least one step")
        precondition(
            Set(steps.map(\.name)).count == steps.count,
            "each step of \(kind) has its own name"
        )
        self.kind = kind
        self.steps = steps
        self.interrupted = interrupted
    }

    /// The first step that is not among those done; nil when all are.
    package func step(after done: Set<String>) -> (any Step)? {
        steps.first { !done.contains($0.name) }
    }
}

/// A job that stopped short of its end.
package struct Interruption: Sendable {
    /// How the job stopped.
    package enum Kind: Sendable, Equatable {
        /// A step failed in passing; the job goes on by itself.
        case retrying(reason: String)
        /// A step waits for something outside.
        case waiting(on: String)
        /// A person must act.
        case stalled(reason: String)
        /// The job was given up on request.
        case cancelled
    }

    /// How the job stopped.
    package let kind: Kind
    /// The step at which it stopped.
    package let step: String
    /// The tenant of the job, where it has one.
    package let tenant: TenantID?
    /// What the job works on.
    package let subject: ObjectReference
    /// What the job was asked to do.
    package let input: JSON

    /// Those steps, in that order.
    package init(
        kind: Kind,
        step: String,
        tenant: TenantID?,
        subject: ObjectReference,
        input: JSON
    ) {
        self.kind = kind
        self.step = step
        self.tenant = tenant
        self.subject = subject
        self.input = input
    }
}
