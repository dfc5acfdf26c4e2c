package import Contract
package import Domain
package import Storage

/// One job under one lease: what happened goes in, what is to be done comes out.
package struct JobMachine: Sendable, Equatable {
    /// What happened.
    package enum Signal: Sendable, Equatable {
        /// The job was claimed.
        case claimed
        /// The step that was run ended; `jitter` is 0 up to 1, at random.
        case ended(StepEnd, jitter: Double)
        /// The result was written down; somebody may have asked to end the job meanwhile.
        case recorded(wantsCancel: Bool)
        /// The lease was not current any more; nothing was written.
        case refused
        /// The result can never be written down as it is.
        case unrecordable(reason: String)
        /// The worker is going to end: no further step here.
        case drain
        /// Somebody asked to end the job.
        case cancel
    }

    /// How a step ended.
    package enum StepEnd: Sendable, Equatable {
        case outcome(Outcome)
        case fault(ProviderFault)
    }

    /// What is to be done next.
    package enum Action: Sendable, Equatable {
        /// Run the step.
        case run(step: String, attempt: Int)
        /// Write the result of the step down, and what it found out.
        case record(StepResult, step: String, facts: [StepFact])
        /// Nothing that would need doing now.
        case wait
        /// Let go of the job.
        case leave(Departure)
    }

    /// How a job is let go of.
    package enum Departure: Sendable, Equatable {
        /// The result is written and somebody else goes on, or nobody has to.
        case settled
        /// The result is written, and the job is to be ended on request.
        case unwanted
        /// The lease may still be ours although nothing was written.
        case lost
    }

    private enum Phase: Sendable, Equatable {
        case idle
        case running(step: String)
        case recording(StepResult, step: String)
        case left
    }

    private let steps: [String]
    private let policy: RetryPolicy
    private var next: Int
    private var attempt: Int
    private var crashes: Int
    private var phase = Phase.idle
    private var isDraining = false
    private var isUnwanted = false

    /// A job of those steps, of which some are done; `crashes` is how often its process ended
    /// during the one that comes next.
    package init(
        steps: [String],
        done: Set<String>,
        attempt: Int,
        crashes: Int = 0,
        policy: RetryPolicy
    ) {
        self.steps = steps
        self.policy = policy
        self.attempt = attempt
        self.crashes = crashes
        next = steps.firstIndex { !done.contains($0) } ?? steps.endIndex
    }

    /// Takes in what happened.
    package mutating func received(_ signal: Signal) -> Action {
        switch (phase, signal) {
        case (.left, _):
            return .wait
        case (_, .drain):
            isDraining = true
            return .wait
        case (_, .cancel):
            isUnwanted = true
            return .wait
        case (_, .refused):
            phase = .left
            return .leave(.lost)
        case (.idle, .claimed):
            return begin()
        case (.running(let step), .ended(let end, let jitter)):
            return ended(step, end, jitter)
        case (.recording(let result, let step), .recorded(let wantsCancel)):
            if wantsCancel { isUnwanted = true }
            return recorded(result, step)
        case (.recording(_, let step), .unrecordable(let reason)):
            return record(.stall(reason: reason), step)
        default:
            preconditionFailure("a job in \(phase) cannot take in \(signal)")
        }
    }

    private mutating func begin() -> Action {
        guard next < steps.endIndex else {
            let reason = "every step of this workflow is done already; cancel the job"
            return record(.stall(reason: reason), steps.last ?? "")
        }
        let step = steps[next]
        if isUnwanted { return record(.cancel, step) }
        if isDraining { return record(.handBack, step) }
        guard crashes < policy.crashesMax else {
            let reason = """
                the worker process ended \(crashes) times during this step; see its log, then retry
                """
            return record(.stall(reason: reason), step)
        }
        phase = .running(step: step)
        return .run(step: step, attempt: attempt)
    }

    private mutating func ended(_ step: String, _ end: StepEnd, _ jitter: Double) -> Action {
        switch end {
        case .fault(.cancelled) where isUnwanted:
            return record(.cancel, step)
        case .fault(.cancelled) where isDraining:
            return record(.handBack, step)
        case .fault(let fault):
            return ended(step, fault.outcome, jitter)
        case .outcome(let outcome):
            return ended(step, outcome, jitter)
        }
    }

    private mutating func ended(_ step: String, _ outcome: Outcome, _ jitter: Double) -> Action {
        switch outcome {
        case .done(let evidence):
            let following = next + 1
            let result: StepResult =
                following < steps.endIndex
                ? .advanced(findings: evidence.findings, next: steps[following])
                : .completed(findings: evidence.findings)
            return record(result, step, evidence.facts)
        case .transient(_, let reason) where attempt >= policy.attemptsMax:
            return record(.stall(reason: "gave up after \(attempt) attempts: \(reason)"), step)
        case .transient(let wanted, let reason):
            let delay = policy.delay(afterAttempt: attempt, wanted: wanted, jitter: jitter)
            return record(.retry(after: delay, reason: reason), step)
        case .waiting(let wait, let delay):
            let result = StepResult.wait(
                on: wait.on,
                releasedBy: wait.releasedBy,
                recheckAfter: delay
            )
            return record(result, step, wait.facts)
        case .stalled(let reason):
            return record(.stall(reason: reason), step)
        }
    }

    private mutating func recorded(_ result: StepResult, _ step: String) -> Action {
        if case .advanced = result {
            next += 1
            attempt = 1
            crashes = 0
            return begin()
        }
        phase = .left
        return .leave(isUnwanted && !result.state.isFinal ? .unwanted : .settled)
    }

    private mutating func record(
        _ result: StepResult,
        _ step: String,
        _ facts: [StepFact] = []
    ) -> Action {
        phase = .recording(result, step: step)
        return .record(result, step: step, facts: facts)
    }
}
