import JSON

/// What holds roll-outs beside an environment's own spec.
package struct RollOutHurdles: Sendable {
    /// Where the rules of time zones come from.
    package var zones: any TimeZoneSource
    /// When the tenant wants no roll-outs; nil for never.
    package var freeze: TenantFreeze?

    /// Those rules.
    package init(zones: any TimeZoneSource = NoTimeZones(), freeze: TenantFreeze? = nil) {
        self.zones = zones
        self.freeze = freeze
    }
}

extension DeploymentHold {
    /// A wait of what is asked for, for nothing yet, with what was approved before.
    init(since moment: Instant, of request: RollOutRequest, under rules: ApprovalRules?) {
        let own = rules?.fourEyes ?? true
        self.init(
            since: moment,
            requester: request.actor.token,
            causes: [],
            approvals: request.approvals.filter { approval in
                !own || !request.actor.isSame(as: approval.by, approval.token)
            },
            override: request.override
        )
    }
}

extension Environment {
    /// How long a change of what holds a roll-out may take to be noticed.
    static let holdRecheck: Duration = .seconds(60)

    /// What keeps a new roll-out of the spec waiting; nil where nothing does.
    ///
    /// - Throws: `.isFrozen` where that refuses roll-outs.
    func hold(
        of request: RollOutRequest,
        at moment: Instant
    ) throws(EnvironmentRefusal) -> DeploymentHold? {
        var hold = DeploymentHold(since: moment, of: request, under: spec.approvals)
        if let freeze = freeze(at: moment, request.hurdles), freeze.reaction == .refuse,
            request.override == nil
        {
            throw .isFrozen(reason: freeze.reason, until: freeze.until)
        }
        hold.causes = causes(of: hold, at: moment, request.hurdles)
        guard !hold.causes.isEmpty else { return nil }
        if let rules = spec.approvals, rules.required > 0 {
            hold.expiresAt = moment.advanced(by: rules.lapse)
        }
        return hold
    }

    /// The freeze that ends last, of its own and of the tenant's.
    private func freeze(at moment: Instant, _ hurdles: RollOutHurdles) -> Freeze.Standing? {
        let own = spec.freeze?.standing(at: moment, in: hurdles.zones)
        let wide = hurdles.freeze?.standing(for: spec.type, at: moment, in: hurdles.zones)
        let standing = [own, wide].compactMap { $0 }
        return standing.first { $0.reaction == .refuse }
            ?? standing.max { one, other in
                guard let end = one.until else { return false }
                return other.until.map { end < $0 } ?? true
            }
    }

    /// Everything that a roll-out which is held like that waits for at the moment.
    private func causes(
        of hold: DeploymentHold,
        at moment: Instant,
        _ hurdles: RollOutHurdles
    ) -> [DeploymentHold.Cause] {
        var causes: [DeploymentHold.Cause] = []
        let missing = missingApprovals(of: hold)
        if let rules = spec.approvals, missing > 0 {
            let who = rules.approvers.joined(separator: ", ")
            let others = rules.fourEyes ? ", but not who asked for it" : ""
            causes.append(
                DeploymentHold.Cause(
                    kind: .approval,
                    on: missing == 1 ? "an approval" : "\(missing) approvals",
                    releasedBy: "whoever approves it: \(who)\(others)"
                )
            )
        }
        if spec.paused {
            causes.append(
                DeploymentHold.Cause(
                    kind: .pause,
                    on: "the environment to be resumed",
                    releasedBy: "whoever resumes it"
                )
            )
        }
        guard hold.override == nil else { return causes }
        if let lock = status.lock, moment < lock.until {
            causes.append(
                DeploymentHold.Cause(
                    kind: .lock,
                    on: "the lock of \(lock.by) to end: \(lock.reason)",
                    until: lock.until,
                    releasedBy: "whoever unlocks the environment, or an admin who releases it"
                )
            )
        }
        if let freeze = freeze(at: moment, hurdles) {
            causes.append(
                DeploymentHold.Cause(
                    kind: .freeze,
                    on: "the freeze to end: \(freeze.reason)",
                    until: freeze.until,
                    releasedBy: "an admin who releases it"
                )
            )
        }
        return causes
    }

    private func missingApprovals(of hold: DeploymentHold) -> Int {
        max(0, (spec.approvals?.required ?? 0) - hold.approvals.count)
    }

    /// When something that holds roll-outs changes by itself; nil where nothing holds any.
    func holdDueAt(_ now: Instant) -> Instant? {
        guard status.phase != .deleting else { return nil }
        var moments: [Instant] = status.lock.map { [$0.until] } ?? []
        if let hold = status.held?.hold {
            // What it waited for may be over by now.
            let isStale = hold.causes.contains { cause in
                cause.kind == .lock && status.lock == nil || cause.kind == .pause && !spec.paused
                    || cause.kind == .approval && missingApprovals(of: hold) == 0
            }
            moments.append(isStale ? now : now.advanced(by: Self.holdRecheck))
            moments += hold.causes.compactMap(\.until).filter { $0 > now }
            if missingApprovals(of: hold) > 0, let expiry = hold.expiresAt {
                moments.append(expiry)
            }
        }
        return moments.min()
    }

    /// What time does to a lock and to a roll-out that is held; nil where nothing is due.
    func holdPassage(_ hurdles: RollOutHurdles, on occasion: Occasion) -> Decision? {
        if let lock = status.lock, lock.until <= occasion.at {
            return unlocked(lock, by: nil, on: occasion)
        }
        guard let held = status.held else { return nil }
        var hold = held.hold
        if missingApprovals(of: hold) > 0, let expiry = hold.expiresAt, expiry <= occasion.at {
            let time = (expiry - hold.since).lengthText
            return givingUp(held, because: "Nobody approved it within \(time).", on: occasion)
        }
        hold.causes = causes(of: hold, at: occasion.at, hurdles)
        guard hold != held.hold else { return nil }
        return turned(held, to: hold, telling: .deploymentHeld, on: occasion)
    }
}

extension Environment {
    /// The environment with somebody's approval of the roll-out that waits for it; nil where they
    /// have given it before.
    package func approval(
        of deployment: DeploymentID,
        by who: RollOutActor,
        comment: String?,
        _ hurdles: RollOutHurdles,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        let held = try held(deployment)
        guard let rules = spec.approvals, rules.required > 0 else { throw .needsNoApproval }
        guard rules.admits(who) else { throw .mayNotApprove(rules.approvers) }
        if rules.fourEyes, who.isSame(as: held.by, held.hold.requester) { throw .isOwnRollOut }
        guard !held.hold.approvals.contains(where: { who.isSame(as: $0.by, $0.token) }) else {
            return nil
        }
        var hold = held.hold
        hold.approvals.append(
            DeploymentHold.Approval(
                by: who.name,
                token: who.token,
                at: occasion.at,
                comment: comment
            )
        )
        hold.causes = causes(of: hold, at: occasion.at, hurdles)
        return turned(held, to: hold, telling: .deploymentApproved, by: who.name, on: occasion)
    }

    /// The environment with a roll-out let go on although a freeze or a lock holds it; nil where
    /// neither does.
    package func release(
        of deployment: DeploymentID,
        by who: RollOutActor,
        reason: String,
        _ hurdles: RollOutHurdles,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        let held = try held(deployment)
        let overridable: Set<DeploymentHold.Cause.Kind> = [.freeze, .lock]
        guard held.hold.causes.contains(where: { overridable.contains($0.kind) }) else {
            return nil
        }
        var hold = held.hold
        hold.override = .init(by: who.name, at: occasion.at, reason: reason)
        hold.causes = causes(of: hold, at: occasion.at, hurdles)
        return turned(
            held,
            to: hold,
            telling: .deploymentReleased,
            by: who.name,
            reason,
            on: occasion
        )
    }

    /// The environment without the roll-out that is held.
    package func rejection(
        of deployment: DeploymentID,
        by who: RollOutActor,
        reason: String,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        givingUp(
            try held(deployment),
            because: "Rejected by \(who.name): \(reason)",
            on: occasion
        )
    }

    private func held(
        _ deployment: DeploymentID
    ) throws(EnvironmentRefusal) -> HeldRollOut {
        guard status.phase != .deleting else { throw .isDeleting }
        guard let held = status.held, held.rollOut.deployment == deployment else {
            throw .isNotHeld
        }
        return held
    }

    /// What is held, held by other things now, or begun where nothing holds it.
    private func turned(
        _ held: HeldRollOut,
        to hold: DeploymentHold,
        telling type: EventType,
        by who: String? = nil,
        _ reason: String? = nil,
        on occasion: Occasion
    ) -> Decision {
        var next = touched(at: occasion.at)
        var held = held
        held.hold = hold
        next.status.held = held
        let begins = hold.causes.isEmpty
        var superseded: [RollOut] = []
        var waits = false
        if begins {
            held.hold.endedAt = occasion.at
            next.status.held = nil
            if spec.concurrency == .supersede { superseded = next.giveUpRollOuts() }
            waits = next.start(held.rollOut)
        }
        let record = held.record(of: self, begins ? (waits ? .queued : .running) : .held)
        var decision = next.decision(
            begins && type == .deploymentHeld ? .deploymentReleased : type,
            job: begins ? next.rolloutKind : nil,
            about: record,
            givesUpJobs: begins && spec.concurrency == .supersede,
            on: Occasion(at: occasion.at, job: held.rollOut.job, event: occasion.event)
        ) { data in
            data.member("approvals", record.hold?.approvals.count ?? 0)
            if let who { data.member("actor", who) }
            if let reason { data.member("reason", reason) }
        }
        decision.turn = DeploymentTurn(
            deployment: record.id,
            state: record.state,
            hold: held.hold
        )
        decision.ends = DeploymentEnding(
            superseded,
            state: .superseded,
            outcome: "Superseded by roll-out \(record.number) of \(record.by)."
        )
        return decision
    }

    /// What is held is not going to begin.
    private func givingUp(
        _ held: HeldRollOut,
        because reason: String,
        on occasion: Occasion
    ) -> Decision {
        var next = touched(at: occasion.at)
        next.status.held = nil
        if status.live == nil, status.open.isEmpty { next.status.phase = .failed }
        var held = held
        held.hold.endedAt = occasion.at
        var decision = next.decision(
            .deploymentRejected,
            about: held.record(of: self, .cancelled),
            on: occasion
        ) { data in
            data.member("reason", reason)
        }
        decision.turn = DeploymentTurn(deployment: held.rollOut.deployment, hold: held.hold)
        decision.ends = DeploymentEnding([held.rollOut], state: .cancelled, outcome: reason)
        return decision
    }
}

extension Environment {
    /// The environment locked: what is asked for waits until the lock ends.
    ///
    /// What is under way goes on.
    package func locking(
        by who: RollOutActor,
        reason: String,
        until: Instant,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        guard status.phase != .deleting else { throw .isDeleting }
        if let lock = status.lock, lock.until > occasion.at, lock.by != who.name {
            throw .isLocked(lock)
        }
        guard until > occasion.at, until <= occasion.at.advanced(by: EnvironmentLock.lengthMax)
        else {
            let detail =
                "A lock ends within \(EnvironmentLock.lengthMax.lengthText); lock it anew then."
            throw .invalid([EnvironmentFault(.spec("until"), "out-of-range", detail)])
        }
        var next = touched(at: occasion.at)
        next.status.lock = EnvironmentLock(
            by: who.name,
            reason: reason,
            since: occasion.at,
            until: until
        )
        return next.decision(.environmentLocked, on: occasion) { data in
            data.member("actor", who.name)
            data.member("reason", reason)
            data.member("until", until.description)
        }
    }

    /// The environment no longer locked; nil where it is not.
    package func unlocking(
        by who: RollOutActor,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        guard status.phase != .deleting else { throw .isDeleting }
        return status.lock.map { unlocked($0, by: who.name, on: occasion) }
    }

    /// What waited for it goes on at the next look of the sweep.
    private func unlocked(
        _ lock: EnvironmentLock,
        by who: String?,
        on occasion: Occasion
    ) -> Decision {
        var next = touched(at: occasion.at)
        next.status.lock = nil
        return next.decision(.environmentUnlocked, on: occasion) { data in
            data.member("actor", orNull: who)
            data.member("reason", lock.reason)
        }
    }
}
