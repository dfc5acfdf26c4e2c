package import Domain
package import JSON

/// How one run of a step ended; the engine does the rest.
package enum Outcome: Sendable, Equatable {
    /// The step's effect is there and was looked at. The step never runs again.
    case done(Evidence)
    /// Something failed that passes by itself: counted as an attempt, tried again later.
    /// Without a time of its own the engine chooses one, longer with every attempt.
    case transient(retryAfter: Duration?, reason: String)
    /// Nothing is wrong, but something outside must happen first: not counted as an attempt.
    case waiting(Wait, recheckAfter: Duration)
    /// Trying again would not help: a person must act, and the reason says how.
    case stalled(reason: String)

    /// The step is done and leaves nothing behind but the fact that it is.
    package static let done = Outcome.done(Evidence())
}

/// What a step waits on outside of Slipway.
package struct Wait: Sendable, Equatable {
    /// What is waited on, in words that follow "waiting for".
    package var on: String
    /// Who can release it, in words; nil where only time can.
    package var releasedBy: String?
    /// What changes in the domain together with the wait.
    package var facts: [StepFact]

    /// A wait for that.
    package init(on: String, releasedBy: String? = nil, facts: [StepFact] = []) {
        self.on = on
        self.releasedBy = releasedBy
        self.facts = facts
    }
}

/// What a finished step leaves behind as proof, for people and for the steps after it.
package struct Evidence: Sendable, Equatable {
    /// What was found or made: commit names, versions, counts.
    ///
    /// Never a secret.
    package var findings: JSONObject
    /// What changes in the domain together with the step's result, or not at all.
    package var facts: [StepFact]

    /// Evidence of those findings and facts.
    package init(_ findings: JSONObject = JSONObject(), facts: [StepFact] = []) {
        self.findings = findings
        self.facts = facts
    }
}
