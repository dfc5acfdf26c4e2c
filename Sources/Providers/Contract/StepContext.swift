package import Domain
package import JSON

/// What a step knows while it runs.
package struct StepContext: Sendable {
    /// The job.
    package let job: JobID
    /// What the job works on.
    package let subject: ObjectReference
    /// The tenant of the job, where it has one.
    package let tenant: TenantID?
    /// The name of this step.
    package let step: String
    /// Which attempt at this step this is, from 1.
    package let attempt: Int
    /// What the caller wants: the job's input as it was stored with it.
    package let desired: JSON
    /// What the steps before this one found or made, by their names.
    package let observed: [String: JSON]
    /// Since when the step waits for something outside; nil where it does not.
    package let waitingSince: Instant?
    /// Where the step tells people what it does.
    package let log: any StepLog
    /// Whether the step is still wanted.
    package let cancellation: any CancellationCheck

    /// What one run of that step knows.
    package init(
        job: JobID,
        subject: ObjectReference,
        tenant: TenantID?,
        step: String,
        attempt: Int,
        desired: JSON,
        observed: [String: JSON],
        waitingSince: Instant? = nil,
        log: any StepLog,
        cancellation: any CancellationCheck
    ) {
        self.job = job
        self.subject = subject
        self.tenant = tenant
        self.step = step
        self.attempt = attempt
        self.desired = desired
        self.observed = observed
        self.waitingSince = waitingSince
        self.log = log
        self.cancellation = cancellation
    }

    /// The same in every attempt at this step of this job, and in no other: what is sent along
    /// with an effect so that its second arrival is known for what it is.
    package var key: String { "\(job)/\(step)" }

    /// What the step named left behind, where it is done.
    package func findings(of step: String) -> JSON? { observed[step] }

    /// Throws `.cancelled` when the lease is gone, the deadline has passed or the job was
    /// cancelled.
    ///
    /// Long steps call it between effects.
    package func continueOrStop() throws(ProviderFault) {
        if cancellation.isCancelled { throw .cancelled }
    }
}

/// Where a step's lines go: bounded, stored with the job, shown to people.
package protocol StepLog: Sendable {
    /// Adds one line; never with a secret.
    func write(_ level: JobLogLine.Level, _ message: String)
}

extension StepLog {
    /// Adds a line about what was done.
    package func info(_ message: String) { write(.info, message) }
    /// Adds a line about something that may need a look.
    package func warning(_ message: String) { write(.warning, message) }
}

/// Says whether a step is still wanted.
package protocol CancellationCheck: Sendable {
    /// True once the step should stop at the next point where it can.
    var isCancelled: Bool { get }
}
