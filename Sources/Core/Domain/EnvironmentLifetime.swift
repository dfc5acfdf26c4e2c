/// How long an environment is there, and when it is awake.
package struct EnvironmentLifetime: Sendable, Hashable {
    /// What becomes of an environment that nobody has used for a while.
    package struct Idle: Sendable, Hashable {
        /// What happens.
        package enum Action: String, Sendable, CaseIterable {
            /// It sleeps until somebody wakes or refreshes it.
            case sleep
            /// It is deleted.
            case delete
        }

        /// How long nobody has used it.
        package var after: Duration
        /// What happens then.
        package var action: Action

        /// That action after that time.
        package init(after: Duration, action: Action = .sleep) {
            self.after = after
            self.action = action
        }
    }

    /// That an environment stays although its time is over.
    package struct Keep: Sendable, Hashable {
        /// The most characters of a reason.
        package static let reasonLengthMax = 200

        /// Until when.
        package var until: Instant
        /// Why, in the words of who asked for it.
        package var reason: String

        /// Until then, for that reason.
        package init(until: Instant, reason: String) {
            self.until = until
            self.reason = reason
        }
    }

    /// How long it stays after it was last refreshed or extended; nil for no such limit.
    package var ttl: Duration?
    /// How long it stays at most after it was made, whatever happens; nil for no limit.
    package var max: Duration?
    /// What becomes of it when nobody uses it; nil for nothing.
    package var idle: Idle?
    /// That it stays although `ttl` or `idle` would end it; `max` still holds.
    package var keep: Keep?
    /// When it is awake; nil for always.
    package var activeHours: ActiveHours?

    /// Those limits.
    package init(
        ttl: Duration? = nil,
        max: Duration? = nil,
        idle: Idle? = nil,
        keep: Keep? = nil,
        activeHours: ActiveHours? = nil
    ) {
        self.ttl = ttl
        self.max = max
        self.idle = idle
        self.keep = keep
        self.activeHours = activeHours
    }
}

/// When an environment ends, and by which of its limits.
package struct EnvironmentExpiry: Sendable, Hashable {
    /// The limit that is reached first.
    package enum Limit: String, Sendable, CaseIterable {
        case ttl, max, idle, keep, extended

        /// Why it ends by that limit, as a sentence for people.
        package var reason: String {
            switch self {
            case .ttl: "Nobody has refreshed or extended it for as long as `lifetime.ttl` says."
            case .max: "It is as old as `lifetime.max` allows."
            case .idle: "Nobody has used it for as long as `lifetime.idle` says."
            case .keep: "Its time was over before; `lifetime.keep` ends."
            case .extended: "Its time was over before; the time that it was extended by ends."
            }
        }
    }

    /// When it is deleted.
    package var at: Instant
    /// The limit that says so.
    package var limit: Limit

    /// At that moment, by that limit.
    package init(at: Instant, limit: Limit) {
        self.at = at
        self.limit = limit
    }
}
