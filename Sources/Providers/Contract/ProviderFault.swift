/// Why a provider could not do what was asked, sorted by who acts next.
package enum ProviderFault: Error, Sendable, Equatable {
    /// It passes by itself: an unreachable host, a full queue, a lost race. Slipway tries again.
    case transient(retryAfter: Duration? = nil, reason: String)
    /// Something outside is away or must be put right by others first. Slipway looks again, for as
    /// long as it takes: not counted as an attempt.
    case away(reason: String, releasedBy: String, retryAfter: Duration)
    /// Slipway itself is full for the moment; tried again soon, and not counted as an attempt.
    case busy(reason: String)
    /// What was asked for cannot be done as it is. A person changes it; the reason says what.
    case refused(reason: String)
    /// The lease is gone or the job is cancelled: stop, and leave what is there for the next run.
    case cancelled

    /// The same fault, with what it is about.
    package func about(_ thing: String) -> ProviderFault {
        switch self {
        case .transient(let delay, let reason):
            .transient(retryAfter: delay, reason: "\(thing): \(reason)")
        case .away(let reason, let who, let delay):
            .away(reason: "\(thing): \(reason)", releasedBy: who, retryAfter: delay)
        case .busy, .cancelled: self
        case .refused(let reason): .refused(reason: "\(thing): \(reason)")
        }
    }

    /// The outcome of a step that ended in this fault.
    package var outcome: Outcome {
        switch self {
        case .transient(let retryAfter, let reason):
            .transient(retryAfter: retryAfter, reason: reason)
        case .away(let reason, let who, let delay):
            .waiting(Wait(on: "this to pass: \(reason)", releasedBy: who), recheckAfter: delay)
        case .busy(let reason):
            .waiting(Wait(on: reason), recheckAfter: .seconds(1))
        case .refused(let reason): .stalled(reason: reason)
        case .cancelled: .transient(retryAfter: nil, reason: "stopped before the end of the step")
        }
    }
}
