/// What time does to an environment: its expiry, its warning, its sleep.
package struct EnvironmentTimes: Sendable, Hashable {
    /// What is due at a moment.
    package enum Due: Sendable, Hashable {
        /// People are told that it ends soon.
        case warn
        /// It is deleted.
        case expire
        /// It goes to sleep because its hours end.
        case sleepForHours
        /// It goes to sleep because nobody uses it.
        case sleepForIdleness
        /// It wakes because its hours begin.
        case wake
    }

    /// The longest time between warning and end.
    package static let warningLongest: Duration = .seconds(86_400)
    /// The part of its time that is left when people are warned, where that is less.
    private static let warningPart = 4
    /// The time that people have after a warning that came late, because no server ran: half of
    /// what they usually have, and at most this.
    package static let graceLongest: Duration = .seconds(900)

    /// What was wanted.
    package var lifetime: EnvironmentLifetime
    /// When it was made.
    package var createdAt: Instant
    /// When it was last refreshed or extended.
    package var refreshedAt: Instant
    /// Until when it was extended beyond its `ttl`; nil where it was not.
    package var extendedTo: Instant?
    /// When it was last used in any way.
    package var usedAt: Instant
    /// The end that people were warned of, as its limits alone have it; nil where they were not.
    package var warnedOf: Instant?
    /// When they were warned; nil where they were not.
    package var warnedAt: Instant?
    /// Whether it sleeps.
    package var isAsleep: Bool
    /// Whether environments that are awake need it: then only `max` ends it, and nothing puts it to
    /// sleep.
    package var isNeeded: Bool
    /// When it was last woken or put to sleep; nil where it never was.
    package var switchedAt: Instant?

    /// Those times.
    package init(
        lifetime: EnvironmentLifetime,
        createdAt: Instant,
        refreshedAt: Instant,
        extendedTo: Instant? = nil,
        usedAt: Instant,
        warnedOf: Instant? = nil,
        warnedAt: Instant? = nil,
        isAsleep: Bool = false,
        isNeeded: Bool = false,
        switchedAt: Instant? = nil
    ) {
        self.lifetime = lifetime
        self.createdAt = createdAt
        self.refreshedAt = refreshedAt
        self.extendedTo = extendedTo
        self.usedAt = usedAt
        self.warnedOf = warnedOf
        self.warnedAt = warnedAt
        self.isAsleep = isAsleep
        self.isNeeded = isNeeded
        self.switchedAt = switchedAt
    }

    /// When it is deleted; nil for never.
    ///
    /// As its limits have it, and no sooner after a warning than people can do something about it.
    package var expiry: EnvironmentExpiry? {
        guard var expiry = due else { return nil }
        if warnedOf == expiry.at, let warnedAt {
            let grace = Swift.min(Self.graceLongest, notice(of: expiry) / 2)
            expiry.at = Swift.max(expiry.at, warnedAt.advanced(by: grace))
        }
        return expiry
    }

    /// When it is deleted as its limits alone have it; nil for never.
    package var due: EnvironmentExpiry? {
        var first: EnvironmentExpiry?
        func consider(_ moment: Instant?, _ limit: EnvironmentExpiry.Limit) {
            guard let moment, first.map({ moment < $0.at }) ?? true else { return }
            first = EnvironmentExpiry(at: moment, limit: limit)
        }
        guard !isNeeded else {
            consider(lifetime.max.map(createdAt.advanced(by:)), .max)
            return first
        }
        consider(lifetime.ttl.map(refreshedAt.advanced(by:)), .ttl)
        if let idle = lifetime.idle, idle.action == .delete {
            consider(usedAt.advanced(by: idle.after), .idle)
        }
        if let extendedTo, let due = first, due.at < extendedTo {
            first = EnvironmentExpiry(at: extendedTo, limit: .extended)
        }
        if let keep = lifetime.keep, let due = first, due.at < keep.until {
            first = EnvironmentExpiry(at: keep.until, limit: .keep)
        }
        consider(lifetime.max.map(createdAt.advanced(by:)), .max)
        return first
    }

    /// When people are warned of the end: a day before, or when a quarter of its time is left.
    package var warningAt: Instant? {
        due.map { $0.at.advanced(by: .zero - notice(of: $0)) }
    }

    private func notice(of expiry: EnvironmentExpiry) -> Duration {
        Swift.min(Self.warningLongest, (expiry.at - refreshedAt) / Self.warningPart)
    }

    /// The next moment at which something is due, and what; nil where nothing ever is.
    ///
    /// The moment is past where something is due already. What ends the environment comes before
    /// all else, and nothing ends of which people were not warned, however late that is. While ends
    /// are held, there are none; all else goes on.
    package func next(
        in zone: TimeZoneRules,
        at now: Instant,
        holdingEnds: Bool = false
    ) -> (at: Instant, due: Due)? {
        var found: [(at: Instant, due: Due)] = []
        if let due, let expiry {
            let isWarned = warnedOf == due.at
            let ending = isWarned ? (expiry.at, Due.expire) : (warningAt ?? due.at, Due.warn)
            if !isWarned || !holdingEnds {
                if ending.0 <= now { return ending }
                found.append(ending)
            }
        }
        if let idle = lifetime.idle, idle.action == .sleep, !isAsleep, !isNeeded {
            let since = switchedAt.map { Swift.max($0, usedAt) } ?? usedAt
            found.append((since.advanced(by: idle.after), .sleepForIdleness))
        }
        if let switching = nextSwitch(in: zone, at: now),
            !isNeeded || switching.due != .sleepForHours
        {
            found.append(switching)
        }
        return found.min { $0.at < $1.at }
    }

    /// When the active hours next change whether it sleeps.
    ///
    /// What somebody did by hand holds until the hours change.
    private func nextSwitch(in zone: TimeZoneRules, at now: Instant) -> (at: Instant, due: Due)? {
        guard let hours = lifetime.activeHours,
            let change = hours.nextChange(after: switchedAt ?? createdAt, in: zone)
        else { return nil }
        if change <= now, hours.contains(now, in: zone) == isAsleep {
            return (now, isAsleep ? .wake : .sleepForHours)
        }
        var next = change > now ? change : hours.nextChange(after: now, in: zone)
        if let moment = next, hours.contains(moment, in: zone) != isAsleep {
            next = hours.nextChange(after: moment, in: zone)
        }
        return next.map { ($0, isAsleep ? .wake : .sleepForHours) }
    }
}
