/// One delivery of a forge, and what became of it.
package struct HookDelivery: Sendable, Equatable {
    /// How old news may be when they arrive: a day.
    package static let ageMax = Duration.seconds(86_400)
    /// The most bytes of the forge's id of a delivery that are kept.
    package static let keyLengthMax = 100
    /// The most characters of an outcome.
    package static let outcomeLengthMax = 1_000

    /// Where it stands.
    package enum State: String, Sendable, CaseIterable {
        /// It is going to be handled.
        case accepted
        /// It did what it was to do.
        case done
        /// There was nothing to do.
        case ignored
        /// Newer news of the same thing took its place.
        case superseded
        /// It waits for somebody's approval.
        case held
        /// What it was to do was refused.
        case refused
    }

    /// How it came.
    package enum Cause: String, Sendable, CaseIterable {
        /// The forge sent it.
        case hook
        /// Somebody approved what was held.
        case approval
    }

    /// The identity of the delivery.
    package var id: HookDeliveryID
    /// How it came.
    package var cause: Cause
    /// The id that the forge gave it; nil where it gave none.
    package var key: String?
    /// What it tells.
    package var event: HookEvent
    /// Where it stands.
    package var state: State
    /// What became of it, as a sentence; nil before that.
    package var outcome: String?
    /// The environment that it was about; nil where it was about none.
    package var environment: EnvironmentName?
    /// The job that handles or handled it; nil where there was nothing to do.
    package var job: JobID?
    /// When it arrived.
    package var receivedAt: Instant
    /// When it was handled; nil before that.
    package var endedAt: Instant?

    /// Puts together what is known.
    package init(
        id: HookDeliveryID,
        cause: Cause = .hook,
        key: String?,
        event: HookEvent,
        state: State,
        outcome: String? = nil,
        environment: EnvironmentName? = nil,
        job: JobID? = nil,
        receivedAt: Instant,
        endedAt: Instant? = nil
    ) {
        self.id = id
        self.cause = cause
        self.key = key
        self.event = event
        self.state = state
        self.outcome = outcome
        self.environment = environment
        self.job = job
        self.receivedAt = receivedAt
        self.endedAt = endedAt
    }

    /// What is stored of news that just arrived: work, or why there is none.
    ///
    /// News from the future are from now: else they would stand before all that follow.
    package init(
        id: HookDeliveryID,
        key: String?,
        event: HookEvent,
        job: JobID,
        at moment: Instant
    ) {
        var event = event
        if let at = event.at, at > moment.advanced(by: HookEvent.skew) { event.at = moment }
        self.init(id: id, key: key, event: event, state: .accepted, receivedAt: moment)
        if let reason = event.idleReason(at: moment) {
            state = .ignored
            outcome = reason
            endedAt = moment
        } else {
            self.job = job
        }
    }
}

/// The identity of a delivery.
package typealias HookDeliveryID = ID<HookDelivery>

extension HookEvent {
    /// Why there is nothing to do, whatever the rules say; nil where there may be.
    func idleReason(at moment: Instant) -> String? {
        switch subject {
        case .ping: return "The forge is heard."
        case .other(let name): return "Nothing is made of \(name.isEmpty ? "this" : name) events."
        case .pullRequest(let news) where news.action == .other:
            return "Nothing is made of this action."
        case .pullRequest, .branch: break
        }
        guard let at, moment - at > HookDelivery.ageMax else { return nil }
        return "It is stale: it tells of \(at), more than \(HookDelivery.ageMax.lengthText) ago."
    }
}

/// What Slipway knows of one pull request or branch of a source.
package struct SourceThread: Sendable, Equatable {
    /// What it is about, such as `pull/7` or `heads/main`.
    package var key: String
    /// The environment of it; nil before there was one.
    package var environment: EnvironmentName?
    /// The commit at its head, as far as is known; nil for a branch that is gone.
    package var revision: String?
    /// The time of the newest news that were handled; nil where they did not say.
    package var toldAt: Instant?
    /// The commits that pushes to the branch went from and to, the latest last.
    package var seen: [String]
    /// The revision that somebody approved; nil for none.
    package var approved: String?
    /// Whether it waits for an approval.
    package var isHeld: Bool
    /// Whether it is open.
    package var isOpen: Bool
    /// Why its newest revision made nothing; nil where it did.
    package var refusal: String?

    /// Something that is not known yet.
    package init(key: String) {
        self.key = key
        seen = []
        isHeld = false
        isOpen = true
    }
}
