package import Domain

/// One thing that must be so before a cluster is ready, and how long it may take.
package struct Stage: Sendable {
    /// What was seen of it.
    package var condition: SeenCondition
    /// What is waited on, in words that follow "waiting for".
    package var on: String
    /// Since when it is as it is; nil where nobody says so.
    package var since: Instant?
    /// How long it may take; nil for as long as it wants.
    package var deadline: Duration?
    /// Who can release it, in words; nil where only time can.
    package var releasedBy: String?
    /// Whether it was stopped on purpose, so that nobody waits for it.
    package var isHalted = false

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
}

extension [Stage] {
    /// The first stage that does not hold, as a wait; `start` where it does not say since when.
    package func wait(from start: Instant) -> ClusterWait? {
        first(where: \.isAwaited).map { stage in
            let since = stage.since ?? start
            return ClusterWait(
                on: stage.on,
                since: since,
                until: stage.deadline.map(since.advanced(by:)),
                releasedBy: stage.releasedBy
            )
        }
    }

    /// The conditions; the first that does not hold says when it has taken too long.
    package func conditions(from start: Instant, at now: Instant) -> [SeenCondition] {
        let late = firstIndex(where: \.isAwaited)
        return indices.map { index in
            var condition = self[index].condition
            guard index == late, let deadline = self[index].deadline,
                now - (self[index].since ?? start) >= deadline
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
