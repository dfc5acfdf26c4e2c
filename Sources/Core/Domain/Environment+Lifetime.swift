import JSON

extension Environment {
    /// What puts an environment to sleep, or wakes it.
    package enum SwitchCause: Sendable, Hashable {
        /// Somebody asked for it.
        case request
        /// Its hours begin or end.
        case hours
        /// Nobody uses it.
        case idleness
        /// The environment whose companion it is sleeps.
        case owner

        var word: String {
            switch self {
            case .request: "request"
            case .hours: "active-hours"
            case .idleness: "idleness"
            case .owner: "owner"
            }
        }
    }

    /// The longest time that one call extends an environment by.
    package static let extensionMax: Duration = .seconds(366 * 86_400)

    /// What time goes by.
    package var times: EnvironmentTimes {
        var lifetime = spec.lifetime
        if spec.paused {
            // What runs is left as it is; only the end comes.
            lifetime.activeHours = nil
            if lifetime.idle?.action == .sleep { lifetime.idle = nil }
        }
        return EnvironmentTimes(
            lifetime: lifetime,
            createdAt: createdAt,
            refreshedAt: status.refreshedAt,
            extendedTo: status.extendedTo,
            usedAt: status.usedAt,
            warnedOf: status.warnedOf,
            warnedAt: status.warnedAt,
            isAsleep: spec.asleep,
            isNeeded: status.putOff != nil,
            switchedAt: status.switchedAt
        )
    }

    /// When time next does something to the environment; nil where it never does.
    ///
    /// While ends are held, the next thing that is none.
    package func dueAt(
        in zones: any TimeZoneSource,
        at now: Instant,
        holdingEnds: Bool = false
    ) -> Instant? {
        let look = status.putOff.map { _ in now.advanced(by: EnvironmentPutOff.lookEvery) }
        let passage = passageAt(in: zones, after: now, holdingEnds: holdingEnds)
        return [passage, look].compactMap { $0 }.min()
    }

    /// When the next passage is, as far as is known now; nil where there never is one.
    package func passageAt(
        in zones: any TimeZoneSource,
        after now: Instant,
        holdingEnds: Bool = false
    ) -> Instant? {
        [next(in: zones, at: now, holdingEnds: holdingEnds)?.at, holdDueAt(now)]
            .compactMap { $0 }.min()
    }

    /// What time does to the environment now; nil where nothing is due.
    ///
    /// `freeze` is the tenant's.
    ///
    /// One thing at a time: after it is stored, the next may be due at once.
    package func passage(
        in zones: any TimeZoneSource,
        freeze: TenantFreeze? = nil,
        holdingEnds: Bool = false,
        on occasion: Occasion
    ) -> Decision? {
        let hurdles = RollOutHurdles(zones: zones, freeze: freeze)
        if let decision = holdPassage(hurdles, on: occasion) { return decision }
        guard let next = next(in: zones, at: occasion.at, holdingEnds: holdingEnds),
            next.at <= occasion.at
        else { return nil }
        switch next.due {
        case .warn: return warning(on: occasion)
        case .expire:
            return times.expiry.map { removal(because: .expiry($0.limit), on: occasion) }
        case .sleepForHours: return switched(asleep: true, because: .hours, on: occasion)
        case .sleepForIdleness: return switched(asleep: true, because: .idleness, on: occasion)
        case .wake: return switched(asleep: false, because: .hours, on: occasion)
        }
    }

    private func next(
        in zones: any TimeZoneSource,
        at now: Instant,
        holdingEnds: Bool
    ) -> (at: Instant, due: EnvironmentTimes.Due)? {
        guard status.phase != .deleting else { return nil }
        var times = times
        var zone = TimeZoneRules.utc
        if let hours = times.lifetime.activeHours {
            do throws(TimeZoneAbsence) {
                zone = try zones.rules(of: hours.timeZone)
            } catch {
                // Hours of a zone that is not known any more begin and end never.
                times.lifetime.activeHours = nil
            }
        }
        return times.next(in: zone, at: now, holdingEnds: holdingEnds)
    }

    private func warning(on occasion: Occasion) -> Decision? {
        var next = touched(at: occasion.at)
        next.status.warnedOf = times.due?.at
        next.status.warnedAt = occasion.at
        guard let expiry = next.times.expiry else { return nil }
        next.status.expiry = expiry
        next.status.conditions.set(
            Condition(
                type: Self.expiring,
                status: .true,
                reason: "EndsSoon",
                message: "It is deleted at \(expiry.at). \(expiry.limit.reason)",
                observedGeneration: next.status.observedGeneration,
                lastTransitionAt: occasion.at
            )
        )
        return next.decision(.environmentExpiring, on: occasion) { data in
            data.member("limit", expiry.limit.rawValue)
            data.member("reason", expiry.limit.reason)
        }
    }

    /// Whether people were warned of its end.
    static let expiring = "Expiring"

    /// Puts down when it ends, and takes back a warning of an end that was put off.
    mutating func settleTimes() {
        status.expiry = times.expiry
        guard status.warnedOf != nil, status.warnedOf != times.due?.at else { return }
        status.warnedOf = nil
        status.warnedAt = nil
        status.conditions.set(
            Condition(
                type: Self.expiring,
                status: .false,
                reason: "PutOff",
                message: "The end that was warned of has been put off.",
                observedGeneration: status.observedGeneration,
                lastTransitionAt: updatedAt
            )
        )
    }
}

extension Environment {
    /// The environment left asleep although its hours have begun, because its tenant has no room
    /// for another one that is awake; nil where that is said already.
    package func leftAsleep(by exceeded: [QuotaStanding], at moment: Instant) -> Environment? {
        let names = exceeded.map { "\($0.name), which allows \($0.limit)" }
        let on = "room to wake within \(names.joined(separator: " and "))"
        guard status.waiting?.on != on else { return nil }
        var next = touched(at: moment)
        next.status.waiting = ClusterWait(
            on: on,
            since: moment,
            until: nil,
            releasedBy: exceeded.first.map { "whoever heeds this: \($0.remedy)" }
        )
        return next
    }

    /// The environment as it is once somebody has used it: its idleness begins anew.
    package func used(at moment: Instant) -> Environment {
        var next = self
        next.status.usedAt = moment
        next.settleTimes()
        return next
    }

    /// The environment put to sleep, because somebody asked for it; nil where it sleeps or is
    /// about to.
    package func sleep(on occasion: Occasion) throws(EnvironmentRefusal) -> Decision? {
        try admitSwitch()
        return switched(asleep: true, because: .request, on: occasion)
    }

    /// The environment woken, because somebody asked for it; nil where it is awake or about to be.
    package func wake(on occasion: Occasion) throws(EnvironmentRefusal) -> Decision? {
        try admitSwitch()
        return switched(asleep: false, because: .request, on: occasion)
    }

    private func admitSwitch() throws(EnvironmentRefusal) {
        guard status.phase != .deleting else { throw .isDeleting }
        guard !spec.paused else { throw .isPaused }
    }

    func switched(
        asleep: Bool,
        because cause: SwitchCause,
        on occasion: Occasion
    ) -> Decision? {
        guard spec.asleep != asleep || (cause == .request && status.isInterrupted) else {
            return nil
        }
        var next = touched(at: occasion.at)
        next.spec.asleep = asleep
        next.takeNewSpec(from: self)
        next.status.switchedAt = occasion.at
        next.status.waiting = nil
        if cause == .request { next.status.usedAt = occasion.at }
        next.status.begin(occasion.job)
        next.settleTimes()
        return next.decision(
            asleep ? .environmentSleepRequested : .environmentWakeRequested,
            job: .environmentUpdate,
            on: occasion
        ) { data in
            data.member("cause", cause.word)
        }
    }
}

extension Environment {
    /// The environment with its end put off: by another `ttl`, or until that long from now.
    ///
    /// What would go beyond `lifetime.max` goes up to it.
    package func extending(
        by length: Duration?,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        guard status.phase != .deleting else { throw .isDeleting }
        var free = self
        free.status.putOff = nil
        guard let before = free.times.expiry else { throw .hasNoEnd }
        if let length, length < EnvironmentLimits.shortest || length > Self.extensionMax {
            let detail =
                "Expected between \(EnvironmentLimits.shortest.lengthText) and "
                + "\(Self.extensionMax.lengthText)."
            throw .invalid([EnvironmentFault(.spec("for"), "out-of-range", detail)])
        }
        guard before.limit != .max else { throw .staysToTheMost(until: before.at) }
        var next = free.touched(at: occasion.at)
        next.status.usedAt = occasion.at
        if let length {
            let end = occasion.at.advanced(by: length)
            next.status.extendedTo = status.extendedTo.map { Swift.max($0, end) } ?? end
        } else {
            next.status.refreshedAt = occasion.at
        }
        next.settleTimes()
        return next.decision(.environmentExtended, on: occasion)
    }

    /// The environment kept although its time would be over.
    package func keeping(
        _ keep: EnvironmentLifetime.Keep,
        by limits: EnvironmentLimits,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        guard status.phase != .deleting else { throw .isDeleting }
        var faults = keep.faults(by: limits, at: occasion.at)
        let place = EnvironmentFault.Place.spec(["lifetime", "keep", "until"])
        if keep.until <= occasion.at {
            faults.append(EnvironmentFault(place, "past", "That moment is over."))
        }
        if let most = spec.lifetime.max.map(createdAt.advanced(by:)), keep.until > most {
            let detail = "`lifetime.max` ends it at \(most), whatever happens."
            faults.append(EnvironmentFault(place, "beyond-max", detail))
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return kept(keep, on: occasion)
    }

    /// The environment left to its time again; nil where nobody keeps it.
    package func releasing(on occasion: Occasion) throws(EnvironmentRefusal) -> Decision? {
        guard status.phase != .deleting else { throw .isDeleting }
        return spec.lifetime.keep == nil ? nil : kept(nil, on: occasion)
    }

    private func kept(_ keep: EnvironmentLifetime.Keep?, on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        next.spec.lifetime.keep = keep
        next.status.putOff = nil
        next.takeNewSpec(from: self)
        next.status.usedAt = occasion.at
        next.settleTimes()
        return next.decision(.environmentExtended, on: occasion) { data in
            data.member("reason", orNull: keep?.reason)
        }
    }
}
