/// What is seen of an environment in its cluster, in our words.
package struct EnvironmentObservation: Sendable, Hashable {
    /// The condition that says whether the environment can be looked at.
    package static let observed = "Observed"

    /// Whether everything that is wanted is there and works; nil where nobody could look, so that
    /// what was seen before stands.
    package var isReady: Bool?
    /// Its objects; those that are not ready are put first.
    package var objects: [SeenReadiness]
    /// What was seen, one aspect each.
    package var conditions: [SeenCondition]
    /// What it waits on; nil where it waits on nothing.
    package var waiting: ClusterWait?

    /// An observation of these parts.
    package init(
        isReady: Bool?,
        objects: [SeenReadiness] = [],
        conditions: [SeenCondition] = [],
        waiting: ClusterWait? = nil
    ) {
        self.isReady = isReady
        self.objects = objects
        self.conditions = conditions
        self.waiting = waiting
    }

    /// The objects, those that are not ready first.
    func objectsInOrder(atMost count: Int) -> [SeenReadiness] {
        let order: [SeenReadiness.State] = [.failed, .progressing, .ready]
        return Array(
            order.flatMap { state in objects.filter { $0.state == state } }.prefix(count)
        )
    }

    /// That nobody could look, and why.
    package static func unseen(because reason: String) -> EnvironmentObservation {
        EnvironmentObservation(
            isReady: nil,
            conditions: [
                SeenCondition(
                    type: observed,
                    status: .unknown,
                    reason: "NotSeen",
                    message: "It cannot be looked at; what was seen before stands. \(reason)"
                )
            ]
        )
    }
}

/// How a roll-out came to its end.
package struct DeploymentOutcome: Sendable, Hashable {
    /// The record.
    package var deployment: DeploymentID
    /// How it ended: succeeded, failed or cancelled.
    package var state: Deployment.State
    /// What happened, as a sentence.
    package var detail: String
    /// Where the environment answers; nil where it does not, or as before where it failed.
    package var url: String?
    /// What the template says of it for others to use, by name.
    package var outputs: [String: String]
    /// The commit that holds its files; nil where that is not known.
    package var commit: String?
    /// Whether what was live before runs again as if nothing had been.
    package var isRestored: Bool

    /// That end of that roll-out.
    package init(
        _ deployment: DeploymentID,
        _ state: Deployment.State,
        detail: String,
        url: String? = nil,
        outputs: [String: String] = [:],
        commit: String? = nil,
        isRestored: Bool = false
    ) {
        self.deployment = deployment
        self.state = state
        self.detail = detail
        self.url = url
        self.outputs = outputs
        self.commit = commit
        self.isRestored = isRestored
    }
}

extension Environment {
    /// What follows from what a job found out or did.
    package struct Progress: Sendable, Equatable {
        /// The environment as it is from now on.
        package var environment: Environment
        /// The roll-outs on which work has begun.
        package var begun: [DeploymentID]
        /// The roll-outs that came to their end.
        package var ended: [DeploymentOutcome]
        /// What the world is told beside the ends of roll-outs.
        package var events: [EventType]
    }

    /// What becomes of the environment by what a job about it found out.
    package func progress(
        by facts: [StepFact],
        of job: JobID,
        at moment: Instant
    ) -> Progress {
        var progress = Progress(environment: self, begun: [], ended: [], events: [])
        for fact in facts { progress.take(fact, of: job, at: moment) }
        return progress
    }
}

extension Environment.Progress {
    fileprivate mutating func take(_ fact: StepFact, of job: JobID, at moment: Instant) {
        switch fact {
        case .environmentPlaced(let cluster, let namespace):
            environment.status.cluster = cluster
            environment.status.namespace = namespace
        case .deploymentBegun(let deployment): begin(deployment, at: moment)
        case .deploymentTook(let deployment, let taken)
        where environment.status.coming?.deployment == deployment:
            environment.status.coming?.taken = taken
        case .deploymentEnded(let outcome): end(outcome, at: moment)
        case .deploymentProgressed(let deployment, let progress)
        where environment.status.coming?.deployment == deployment:
            environment.status.coming?.progress = progress
        case .environmentSeen(let seen): see(seen, at: moment)
        case .environmentSettled(let generation, let isReady): settle(generation, isReady)
        case .environmentRestored:
            environment.status.leftover = nil
            if environment.status.phase == .degraded { turn(to: .ready) }
        case .jobGivenUp:
            stop(job, .cancelled, "Its job was cancelled.", at: moment)
            takeBackDeletion(by: job)
        case .jobStuck(let reason): stop(job, .failed, reason, at: moment)
        default: environment.status.take(fact, at: moment)
        }
    }

    private mutating func begin(_ deployment: DeploymentID, at moment: Instant) {
        guard environment.status.open.contains(where: { $0.deployment == deployment }) else {
            return
        }
        // Jobs about one environment run in order, so that the one that begins is the oldest.
        while let coming = environment.status.coming, coming.deployment != deployment {
            let detail = "The work on it ended without a word."
            ended.append(DeploymentOutcome(coming.deployment, .failed, detail: detail))
            environment.status.leave(coming)
            advance()
        }
        if environment.status.coming == nil { advance() }
        guard environment.status.coming?.startedAt == nil else { return }
        environment.status.coming?.startedAt = moment
        begun.append(deployment)
    }

    private mutating func advance() {
        let status = environment.status
        environment.status.coming = status.queued.first
        environment.status.queued = Array(status.queued.dropFirst())
    }

    private mutating func end(_ outcome: DeploymentOutcome, at moment: Instant) {
        // What a newer one has superseded has come to its end before.
        guard var coming = environment.status.coming, coming.deployment == outcome.deployment else {
            return
        }
        ended.append(outcome)
        advance()
        guard outcome.state == .succeeded else {
            let rest: EnvironmentStatus.Phase = outcome.isRestored ? .ready : .degraded
            if outcome.isRestored {
                environment.status.leftover = nil
            } else {
                environment.status.leave(coming)
            }
            turn(to: environment.status.live == nil ? .failed : rest)
            return
        }
        coming.since = moment
        coming.commit = outcome.commit
        coming.progress = nil
        coming.wish = nil
        coming.pause = nil
        environment.status.leftover = nil
        environment.status.live = coming
        environment.status.url = outcome.url
        environment.status.outputs = outcome.outputs
        if coming.content == environment.content {
            environment.status.observedGeneration = environment.generation
        }
        turn(to: environment.spec.asleep ? .asleep : .ready)
    }

    /// The word for what is so now, unless more is on its way.
    private mutating func turn(to phase: EnvironmentStatus.Phase) {
        let before = environment.status.phase
        guard before != .deleting else { return }
        guard environment.status.coming == nil else {
            environment.status.phase = .deploying
            return
        }
        environment.status.phase = phase
        guard phase != before else { return }
        switch phase {
        case .ready: events.append(.environmentReady)
        case .degraded: events.append(.environmentDegraded)
        case .failed: events.append(.environmentFailed)
        case .asleep: events.append(.environmentAsleep)
        case .pending, .deploying, .deleting: break
        }
    }

    private mutating func see(_ seen: EnvironmentObservation, at moment: Instant) {
        if seen.isReady != nil {
            environment.status.objects = seen.objectsInOrder(
                atMost: EnvironmentStatus.objectsMax
            )
            environment.status.waiting = seen.waiting
        }
        environment.status.conditions.take(
            seen.conditions,
            generation: environment.status.observedGeneration,
            at: moment
        )
        // A roll-out says by its end what became of it.
        let phase = environment.status.phase
        guard let isReady = seen.isReady, phase == .ready || phase == .degraded,
            !environment.spec.asleep, environment.status.live != nil,
            // What a failed roll-out has left is mended by another one alone.
            !isReady || environment.status.leftover == nil
        else { return }
        turn(to: isReady ? .ready : .degraded)
    }

    /// A job has brought everything outside to that generation of the spec.
    private mutating func settle(_ generation: Int64, _ isReady: Bool) {
        environment.status.isInterrupted = false
        // What runs beside a spec that says something else is not what its generation wants.
        let live = environment.status.live
        if live == nil || live?.content == environment.content {
            environment.status.observedGeneration = max(
                environment.status.observedGeneration,
                generation
            )
        }
        guard live != nil else { return }
        if environment.spec.asleep {
            turn(to: .asleep)
        } else if environment.status.phase == .asleep || !isReady {
            turn(to: isReady ? .ready : .degraded)
        }
    }

    /// The job has stopped before its end: so has what it was to roll out.
    private mutating func stop(
        _ job: JobID,
        _ state: Deployment.State,
        _ detail: String,
        at moment: Instant
    ) {
        let isNewest = environment.status.job == job
        if isNewest { environment.status.isInterrupted = true }
        if let rollOut = environment.status.open.first(where: { $0.job == job }) {
            environment.status.queued.removeAll { $0.job == job }
            let outcome = DeploymentOutcome(rollOut.deployment, state, detail: detail)
            if environment.status.coming?.job == job {
                end(outcome, at: moment)
            } else {
                ended.append(outcome)
            }
        } else if state == .failed, isNewest {
            turn(to: environment.status.live == nil ? .failed : .degraded)
        }
    }

    /// A deletion that was given up can be asked for anew.
    private mutating func takeBackDeletion(by job: JobID) {
        guard environment.status.phase == .deleting, environment.status.job == job else { return }
        // How much of it is gone already is not known: the next refresh rolls out anew.
        environment.status.phase = .failed
        environment.status.live = nil
        environment.status.url = nil
        environment.status.outputs = [:]
        environment.status.ending = nil
    }
}
