package import JSON

/// Who asks for a roll-out, and the id that its record is going to have.
package struct RollOutRequest: Sendable {
    /// The identity of the record.
    package var id: DeploymentID
    /// Who asks for it.
    package var actor: RollOutActor
    /// What it comes from.
    package var origin: Deployment.Origin
    /// What may hold it beside the environment's own spec.
    package var hurdles: RollOutHurdles
    /// Who agreed to it before it was asked for.
    package var approvals: [DeploymentHold.Approval] = []
    /// That an admin wants it although a freeze or a lock stands; nil where nobody does.
    package var override: DeploymentHold.Override?

    /// A request of that caller.
    package init(
        id: DeploymentID,
        by actor: RollOutActor,
        origin: Deployment.Origin = .request,
        hurdles: RollOutHurdles
    ) {
        self.id = id
        self.actor = actor
        self.origin = origin
        self.hurdles = hurdles
    }

    /// A request of that caller that nothing holds beside the environment's own spec.
    package init(id: DeploymentID, by: String, origin: Deployment.Origin = .request) {
        self.init(
            id: id,
            by: RollOutActor(name: by),
            origin: origin,
            hurdles: RollOutHurdles()
        )
    }
}

extension Environment {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The environment as it is from now on.
        package var environment: Environment
        /// The record of the roll-out that begins; nil where none does.
        package var deployment: Deployment?
        /// What becomes of the record of a roll-out that was held; nil for nothing.
        package var turn: DeploymentTurn?
        /// The roll-outs that come to their end by it.
        package var ends: DeploymentEnding?
        /// The work that follows; nil where none does.
        package var job: NewJob?
        /// Whether the unfinished work on the environment is given up for it.
        package var givesUpJobs: Bool
        /// Whether the job at work on it, where it waits, looks again at once.
        package var wakesJob = false
        /// The plan that is applied by it; nil where none is.
        package var plan: EnvironmentPlanID?
        /// What is ordered with it.
        package var orders: [DependencyOrder] = []
        /// The companions that are made or changed with it.
        package var companions: [CompanionOrder] = []
        /// What the world is told.
        package var event: Event

        /// Whether the environment is new.
        package var isCreation: Bool { environment.revision == 1 }
        /// Whether what is ordered with it is stored with it: what is held orders nothing before it
        /// begins.
        package var placesOrders: Bool { deployment?.state != .held }
        /// What the environment counts for in the quotas of its tenant.
        package var figures: EnvironmentFigures { environment.figures }
    }

    /// A new environment, waiting for its first roll-out.
    package static func creation(
        id: EnvironmentID,
        name: EnvironmentName,
        of tenant: TenantID,
        named tenantName: TenantName,
        labels: Labels,
        order: EnvironmentOrder,
        request: RollOutRequest,
        in surroundings: EnvironmentSurroundings,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        let spec = try order.spec(
            named: name,
            of: tenantName,
            in: surroundings,
            at: occasion.at
        )
        return try creation(
            id: id,
            name: name,
            of: tenant,
            named: tenantName,
            labels: labels,
            spec: spec,
            request: request,
            on: occasion
        )
    }

    /// A new environment of a spec that is known to be right.
    static func creation(
        id: EnvironmentID,
        name: EnvironmentName,
        of tenant: TenantID,
        named tenantName: TenantName,
        labels: Labels = Labels(),
        spec: EnvironmentSpec,
        companionOf owner: EnvironmentName? = nil,
        request: RollOutRequest,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        var environment = Environment(
            id: id,
            tenant: tenant,
            tenantName: tenantName,
            name: name,
            labels: labels,
            spec: spec,
            status: EnvironmentStatus(phase: .pending, at: occasion.at),
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        environment.status.companionOf = owner
        let hold = try environment.hold(of: request, at: occasion.at)
        let deployment = environment.begin(request, hold, on: occasion)
        environment.settleTimes()
        return environment.decision(
            .environmentRequested,
            job: hold == nil ? environment.rolloutKind : nil,
            deployment: deployment,
            on: occasion
        )
    }

    /// The environment as ordered anew: its time begins again, and what is new is rolled out.
    package func refresh(
        labels: Labels,
        order: EnvironmentOrder,
        request: RollOutRequest,
        in surroundings: EnvironmentSurroundings,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        guard status.phase != .deleting else { throw .isDeleting }
        try admitDecision()
        let spec = try order.spec(refreshing: self, in: surroundings, at: occasion.at)
        return try turned(to: spec, labels: labels, request: request, on: occasion)
    }

    /// The environment with parts of it changed: only what is new is judged and rolled out, and
    /// where nothing is rolled out, its time goes on.
    ///
    /// `order` says everything that is wanted from now on, also what stays.
    package func amendment(
        labels: Labels,
        order: EnvironmentOrder,
        request: RollOutRequest,
        in surroundings: EnvironmentSurroundings,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        guard status.phase != .deleting else { throw .isDeleting }
        let spec = try order.spec(amending: self, in: surroundings, at: occasion.at)
        return try turned(
            to: spec,
            labels: labels,
            request: request,
            isRefresh: spec.content != content,
            on: occasion
        )
    }

    /// The environment on its way out; nil where it already is: `status.job` is then at work on
    /// that.
    ///
    /// Who may not change its rules does not get rid of them by its end either: `governs` says
    /// that the caller may.
    package func deletion(
        by who: String,
        governs: Bool = false,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        guard status.phase != .deleting else { return nil }
        try admitDecision()
        guard !spec.deleteProtection else { throw .isProtected }
        guard dependents.isEmpty else { throw .isNeeded(by: dependents) }
        guard governs || !spec.isGoverned else { throw .isGoverned }
        if let lock = status.lock, lock.until > occasion.at { throw .isLocked(lock) }
        return removal(because: .request(by: who), on: occasion)
    }

    /// The environment on its way out, whatever protects it.
    package func removal(because ending: EnvironmentEnding, on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        let open = next.giveUpRollOuts()
        next.status.lock = nil
        next.status.putOff = nil
        next.status.phase = .deleting
        next.status.ending = ending
        next.status.begin(occasion.job)
        var decision = next.decision(
            .environmentDeletionRequested,
            job: .environmentDelete,
            givesUpJobs: true,
            on: occasion
        ) { data in
            data.member("reason", ending.reason)
        }
        decision.ends = DeploymentEnding(
            open,
            state: .cancelled,
            outcome: "The environment is being deleted: \(ending.reason)"
        )
        return decision
    }

    /// The environment with what runs left as it is from now on, or no longer; nil where that is
    /// so already.
    package func pausing(
        _ isPaused: Bool,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision? {
        guard status.phase != .deleting else { throw .isDeleting }
        guard spec.paused != isPaused || status.isInterrupted else { return nil }
        var next = touched(at: occasion.at)
        next.spec.paused = isPaused
        next.takeNewSpec(from: self)
        next.status.begin(occasion.job)
        return next.decision(.environmentUpdated, job: .environmentUpdate, on: occasion)
    }

    /// The environment brought to a spec that is known to be right.
    func turned(
        to spec: EnvironmentSpec,
        labels: Labels,
        request: RollOutRequest,
        isRefresh: Bool = true,
        on occasion: Occasion
    ) throws(EnvironmentRefusal) -> Decision {
        let isRollOut = isRefresh && needsRollOut(for: spec)
        if isRollOut { try admitRollOut(of: spec) }
        let switches =
            spec.asleep != self.spec.asleep || spec.paused != self.spec.paused
            || (status.isInterrupted && isRefresh)
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        if spec != self.spec { next.takeNewSpec(from: self) }
        if isRefresh {
            next.status.refreshedAt = occasion.at
            next.status.usedAt = occasion.at
            // Its time begins anew, and is put off again where that is over.
            next.status.putOff = nil
        }
        if spec.asleep != self.spec.asleep { next.status.switchedAt = occasion.at }
        let hold = isRollOut ? try next.hold(of: request, at: occasion.at) : nil
        // What is held leaves alone what is under way, until it begins itself.
        let begins = isRollOut && hold == nil
        let givesUp = begins && spec.concurrency == .supersede
        var superseded = givesUp ? next.giveUpRollOuts() : []
        if isRollOut, let held = next.status.held { superseded.append(held.rollOut) }
        if isRollOut { next.status.held = nil }
        let deployment = isRollOut ? next.begin(request, hold, on: occasion) : nil
        if !begins, switches { next.status.begin(occasion.job) }
        next.settleTimes()
        var decision = next.decision(
            hold != nil
                ? .deploymentHeld : isRollOut ? .deploymentRequested : .environmentUpdated,
            job: begins ? next.rolloutKind : switches ? .environmentUpdate : nil,
            deployment: deployment,
            givesUpJobs: givesUp,
            on: occasion
        )
        if let deployment {
            decision.ends = DeploymentEnding(
                superseded,
                state: .superseded,
                outcome: "Superseded by roll-out \(deployment.number) of \(deployment.by)."
            )
        }
        return decision
    }
}

extension Environment {
    func touched(at moment: Instant) -> Environment {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    /// Counts a new spec; one that stood at the old one stands at this, as far as nothing outside
    /// is to change.
    mutating func takeNewSpec(from before: Environment) {
        generation += 1
        let isSettled = before.status.observedGeneration == before.generation
        let reaches =
            content != before.content || spec.asleep != before.spec.asleep
            || spec.paused != before.spec.paused
        if isSettled, !reaches { status.observedGeneration = generation }
    }

    func decision(
        _ type: EventType,
        job kind: JobKind? = nil,
        deployment new: Deployment? = nil,
        about old: Deployment? = nil,
        givesUpJobs: Bool = false,
        on occasion: Occasion,
        _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> Decision {
        let deployment = new ?? old
        return Decision(
            environment: self,
            deployment: new,
            ends: nil,
            job: kind.map { kind in
                job(of: kind, kind == .environmentUpdate ? nil : deployment, on: occasion)
            },
            givesUpJobs: givesUpJobs,
            event: event(type, id: occasion.event, at: occasion.at) { data in
                if kind != nil { data.member("jobId", occasion.job.description) }
                if let deployment {
                    data.member("deployment", deployment.id.description)
                    data.member("number", deployment.number)
                    data.member("by", deployment.by)
                }
                more(&data)
            }
        )
    }

    /// An event about the environment.
    package func event(
        _ type: EventType,
        id event: EventID,
        at moment: Instant,
        _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> Event {
        var data = JSONWriter(reserving: 512)
        data.object { data in
            data.member("id", id.description)
            data.member("tenant", tenantName.text)
            data.member("name", name.text)
            data.member("type", spec.type.rawValue)
            data.member("service", orNull: spec.service?.text)
            data.member("generation", generation)
            data.member("phase", status.phase.rawValue)
            data.member("url", orNull: status.url)
            data.member("expiresAt", orNull: status.expiry?.at.description)
            data.member("liveRevision", orNull: status.live?.content.source?.revision)
            data.member("comingRevision", orNull: status.coming?.content.source?.revision)
            more(&data)
        }
        return Event(
            id: event,
            type: type,
            subject: reference,
            tenant: tenant,
            at: moment,
            data: data.finish()
        )
    }

    /// The work, with everything about the environment that its steps go by.
    private func job(
        of kind: JobKind,
        _ deployment: Deployment?,
        on occasion: Occasion
    ) -> NewJob {
        var input = JSONWriter(reserving: 1_024)
        input.object { input in
            input.member("generation", generation)
            input.member("tenant", tenantName.text)
            input.member("environment", name.text)
            input.key("spec")
            spec.write(to: &input)
            input.key("deployment")
            if let deployment { deployment.write(to: &input) } else { input.null() }
        }
        return NewJob(
            id: occasion.job,
            kind: kind,
            subject: reference,
            tenant: tenant,
            input: input.finish()
        )
    }
}
