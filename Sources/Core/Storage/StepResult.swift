package import Domain
package import JSON

/// What is written down when an attempt at a step has ended.
package enum StepResult: Sendable, Equatable {
    /// The step is done, the job goes on with the next one under the same lease.
    case advanced(findings: JSONObject, next: String)
    /// The last step is done.
    case completed(findings: JSONObject)
    /// The step failed in passing.
    case retry(after: Duration, reason: String)
    /// The step waits for something outside; the attempt does not count.
    case wait(on: String, releasedBy: String?, recheckAfter: Duration)
    /// A person must act.
    case stall(reason: String)
    /// The job ends here on request.
    case cancel
    /// The worker ends before the job does; the attempt does not count.
    case handBack

    /// The state of the job afterwards.
    package var state: JobState {
        switch self {
        case .advanced: .running
        case .completed: .completed
        case .retry: .retryable
        case .wait: .waiting
        case .stall: .stalled
        case .cancel: .cancelled
        case .handBack: .available
        }
    }
}

/// A result together with what it changes in the domain.
package struct JobRecord: Sendable, Equatable {
    /// Under which the result is written.
    package var lease: Lease
    /// What the facts are about.
    package var subject: ObjectReference
    /// The tenant whose people may see the events.
    package var tenant: TenantID?
    /// The step that the result is about.
    package var step: String
    /// How the attempt ended.
    package var result: StepResult
    /// Written with the result or not at all.
    package var facts: [StepFact]

    /// A result of that step.
    package init(
        lease: Lease,
        subject: ObjectReference,
        tenant: TenantID?,
        step: String,
        result: StepResult,
        facts: [StepFact] = []
    ) {
        self.lease = lease
        self.subject = subject
        self.tenant = tenant
        self.step = step
        self.result = result
        self.facts = facts
    }
}
