package import Domain

/// One thing that must be so before a cluster is ready, and how long it may take.
package struct Stage: Sendable {
    /// What was seen of it.
    package var condition: SeenCondition
    /// What is waited on, in words that follow "waiting for".
    package var on: String
    /// Since when it is as it is; nil where nobody says so, and it counts from the first look.
    package var since: Instant?
    /// How long it may take; nil for as long as it wants.
    package var deadline: Duration?
    /// Who can release it, in words; nil for whoever runs the management cluster.
    package var releasedBy: String?
    /// Why it does not go on, in words of who reported it; nil where nobody says so.
    package var because: String?
    /// Whether it was stopped on purpose, so that nobody waits for it.
    package var isHalted = false
    /// Whether its condition is not told: another says the same.
    package var isSilent = false

    /// A stage of these parts.
    package init(
        _ condition: SeenCondition,
        on: String,
        since: Instant?,
        deadline: Duration?,
        releasedBy: String? = nil
    ) {
        self.condition = condition
        self.on = on
        self.since = since
        self.deadline = deadline
        self.releasedBy = releasedBy
    }
}

extension Stage {
    /// Whether it does not hold, and should.
    var isAwaited: Bool { condition.status != .true && !isHalted }

    /// What is waited on, and why it does not come.
    fileprivate var words: String { because.map { "\(on): \($0)" } ?? on }

    /// Since when it is waited for: for as long as somebody says, or as is known.
    ///
    /// A pause that has just ended sets everything back to its beginning.
    fileprivate func beginning(after known: ClusterWait?, at now: Instant) -> Instant {
        guard let known else { return since ?? now }
        if known.on == ClusterWait.pause { return now }
        guard known.on == on || known.on.hasPrefix("\(on): ") else { return since ?? now }
        return max(since ?? known.since, known.since)
    }
}

extension ClusterWait {
    /// What a paused cluster waits on.
    fileprivate static let pause = "the cluster to be resumed"

    /// The wait of a cluster that was paused through Slipway: for as long as its owners like.
    package static func paused(after known: ClusterWait?, at now: Instant) -> ClusterWait {
        ClusterWait(
            on: pause,
            since: known.flatMap { $0.on == pause ? $0.since : nil } ?? now,
            until: nil,
            releasedBy: "whoever may change the cluster: POST …:resume"
        )
    }
}

extension [Stage] {
    /// The first stage that does not hold, as a wait.
    ///
    /// Where nobody says since when, it goes on from the wait that is known, if that is for the
    /// same; a new one begins now. `caretaker` can release what nobody else can.
    package func wait(
        after known: ClusterWait?,
        at now: Instant,
        caretaker: String
    ) -> ClusterWait? {
        first(where: \.isAwaited).map { stage in
            let since = stage.beginning(after: known, at: now)
            return ClusterWait(
                on: stage.words,
                since: since,
                until: stage.deadline.map(since.advanced(by:)),
                releasedBy: stage.releasedBy ?? caretaker
            )
        }
    }

    /// The conditions; the one that is waited for says when it has taken too long.
    package func conditions(while wait: ClusterWait?, at now: Instant) -> [SeenCondition] {
        let awaited = firstIndex(where: \.isAwaited)
        return indices.filter { !self[$0].isSilent }.map { index in
            var condition = self[index].condition
            guard index == awaited, let until = wait?.until, now >= until,
                let deadline = self[index].deadline
            else { return condition }
            condition.status = .false
            condition.reason = "Overdue"
            let minutes = deadline.components.seconds / 60
            condition.message = "Not done within \(minutes) minutes. \(condition.message)"
            return condition
        }
    }
}

extension SeenCondition {
    /// A condition that holds.
    package static func holds(_ type: String, _ reason: String, _ message: String) -> SeenCondition
    {
        SeenCondition(type: type, status: .true, reason: reason, message: message)
    }

    /// A condition that fails.
    package static func fails(_ type: String, _ reason: String, _ message: String) -> SeenCondition
    {
        SeenCondition(type: type, status: .false, reason: reason, message: message)
    }

    /// A condition of which nothing is known yet.
    package static func unknown(
        _ type: String,
        _ reason: String,
        _ message: String
    ) -> SeenCondition {
        SeenCondition(type: type, status: .unknown, reason: reason, message: message)
    }
}
