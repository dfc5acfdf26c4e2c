/// When nothing is rolled out: named stretches of time, and hours of every week.
package struct Freeze: Sendable, Hashable {
    /// What becomes of a roll-out that is asked for in such a time.
    package enum Reaction: String, Sendable, CaseIterable {
        /// It waits for the end.
        case hold
        /// It is refused.
        case refuse
    }

    /// One stretch of time.
    package struct Window: Sendable, Hashable {
        /// When it begins.
        package var from: Instant
        /// When it ends.
        package var until: Instant
        /// Why, in the words of who wanted it.
        package var reason: String

        /// From then until then, for that reason.
        package init(from: Instant, until: Instant, reason: String) {
            self.from = from
            self.until = until
            self.reason = reason
        }
    }

    /// Hours of every week.
    package struct Weekly: Sendable, Hashable {
        /// The hours.
        package var hours: ActiveHours
        /// Why, in the words of who wanted it.
        package var reason: String

        /// Those hours, for that reason.
        package init(hours: ActiveHours, reason: String) {
            self.hours = hours
            self.reason = reason
        }
    }

    /// That nothing is rolled out now.
    package struct Standing: Sendable, Hashable {
        /// Until when; nil where no end is in sight.
        package var until: Instant?
        /// Why.
        package var reason: String
        /// What becomes of roll-outs.
        package var reaction: Reaction
    }

    /// The most stretches of time, and the most hours.
    package static let windowsMax = 50
    /// The most characters of a reason.
    package static let reasonLengthMax = 200

    /// What becomes of roll-outs.
    package var reaction: Reaction
    /// The stretches of time.
    package var windows: [Window]
    /// The hours of every week.
    package var weekly: [Weekly]

    /// Those times.
    package init(
        reaction: Reaction = .hold,
        windows: [Window] = [],
        weekly: [Weekly] = []
    ) {
        self.reaction = reaction
        self.windows = windows
        self.weekly = weekly
    }

    /// What holds at the moment, of several what ends last; nil where nothing does.
    package func standing(at moment: Instant, in zones: any TimeZoneSource) -> Standing? {
        var found: [Standing] = windows.compactMap { window in
            guard window.from <= moment, moment < window.until else { return nil }
            return Standing(until: window.until, reason: window.reason, reaction: reaction)
        }
        for entry in weekly {
            do throws(TimeZoneAbsence) {
                let zone = try zones.rules(of: entry.hours.timeZone)
                guard entry.hours.contains(moment, in: zone) else { continue }
                let end = entry.hours.nextChange(after: moment, in: zone)
                found.append(Standing(until: end, reason: entry.reason, reaction: reaction))
            } catch {
                continue  // Hours of a zone that is not known any more begin and end never.
            }
        }
        return found.max { one, other in
            guard let end = one.until else { return false }
            return other.until.map { end < $0 } ?? true
        }
    }

    /// Everything that is wrong with the times, which stand at that place.
    package func faults(at place: [String], zones: any TimeZoneSource) -> [EnvironmentFault] {
        var faults: [EnvironmentFault] = []
        for (index, window) in windows.enumerated() where window.until <= window.from {
            let path = place + ["windows", "\(index)", "until"]
            let detail = "A freeze ends after it begins."
            faults.append(EnvironmentFault(.spec(path), "out-of-range", detail))
        }
        for (index, entry) in weekly.enumerated() {
            faults += entry.hours.faults(at: place + ["weekly", "\(index)"], zones: zones)
        }
        return faults
    }
}

/// When nothing is rolled out into environments of a tenant.
package struct TenantFreeze: Sendable, Hashable {
    /// Into environments of these types.
    package var types: Set<EnvironmentType>
    /// When.
    package var freeze: Freeze

    /// Those times for those types.
    package init(types: Set<EnvironmentType> = [.production], freeze: Freeze) {
        self.types = types
        self.freeze = freeze
    }

    /// What holds at the moment for environments of that type.
    package func standing(
        for type: EnvironmentType,
        at moment: Instant,
        in zones: any TimeZoneSource
    ) -> Freeze.Standing? {
        types.contains(type) ? freeze.standing(at: moment, in: zones) : nil
    }
}

/// That nothing is rolled out into an environment, because somebody said so.
package struct EnvironmentLock: Sendable, Hashable {
    /// The longest that an environment stays locked without being locked anew.
    package static let lengthMax: Duration = .seconds(14 * 86_400)
    /// The most characters of a reason.
    package static let reasonLengthMax = 200

    /// Who locked it.
    package var by: String
    /// Why, in their words.
    package var reason: String
    /// Since when.
    package var since: Instant
    /// Until when.
    package var until: Instant

    /// Locked by them, for that reason.
    package init(by: String, reason: String, since: Instant, until: Instant) {
        self.by = by
        self.reason = reason
        self.since = since
        self.until = until
    }
}

/// Knows no time zones: for those who ask for none.
package struct NoTimeZones: TimeZoneSource {
    /// A source without any.
    package init() {}

    /// None is there.
    package func rules(of zone: String) throws(TimeZoneAbsence) -> TimeZoneRules {
        throw .unknown(zone)
    }
}
