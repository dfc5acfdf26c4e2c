package import JSON

/// How a delivery of a service came to its end.
package struct ServiceOutcome: Sendable, Hashable {
    /// How it ended.
    package enum State: String, Sendable, CaseIterable {
        case succeeded, failed, cancelled
    }

    /// The number of the delivery.
    package var number: Int64
    /// How it ended.
    package var state: State
    /// What happened, as a sentence.
    package var detail: String
    /// What the offering says of the service for callers, by name; only where it succeeded.
    package var outputs: JSONObject
    /// The commit that holds its files; nil where that is not known.
    package var revision: String?

    /// That end of that delivery.
    package init(
        _ number: Int64,
        _ state: State,
        detail: String,
        outputs: JSONObject = JSONObject(),
        revision: String? = nil
    ) {
        self.number = number
        self.state = state
        self.detail = detail
        self.outputs = outputs
        self.revision = revision
    }
}

extension ServiceInstance {
    /// What follows from what a job found out or did.
    package struct Progress: Sendable, Equatable {
        /// The service as it is from now on.
        package var service: ServiceInstance
        /// What the world is told, each with why where there is something to say.
        package var events: [(type: EventType, reason: String?)] = []

        package static func == (left: Progress, right: Progress) -> Bool {
            left.service == right.service && left.events.elementsEqual(right.events, by: ==)
        }
    }

    /// The condition that says how the newest delivery came to its end.
    package static let delivered = "Delivered"

    /// What becomes of the service by what a job about it found out.
    package func progress(
        by facts: [StepFact],
        of job: JobID,
        at moment: Instant
    ) -> Progress {
        var progress = Progress(service: self)
        for fact in facts { progress.take(fact, of: job, at: moment) }
        return progress
    }
}

extension ServiceStatus {
    /// Takes in what a step found out of one aspect.
    mutating func take(_ fact: StepFact, at moment: Instant) {
        conditions.take(fact, generation: observedGeneration, at: moment)
        if case .observed(let generation) = fact {
            observedGeneration = max(observedGeneration, generation)
        }
    }
}

extension ServiceInstance.Progress {
    fileprivate mutating func take(_ fact: StepFact, of job: JobID, at moment: Instant) {
        switch fact {
        case .servicePlaced(let cluster, let namespace):
            service.status.cluster = cluster
            service.status.namespace = namespace
        case .serviceBegun(let number): begin(number, at: moment)
        case .serviceEnded(let outcome): end(outcome, at: moment)
        case .serviceSeen(let seen): see(seen, at: moment)
        case .serviceSettled(let generation, let isReady): settle(generation, isReady)
        case .serviceRemoved: events.append((.serviceDeleted, nil))
        case .jobGivenUp:
            stop(job, .cancelled, "Its job was cancelled.", at: moment)
            takeBackDeletion(by: job)
        case .jobStuck(let reason): stop(job, .failed, reason, at: moment)
        default: service.status.take(fact, at: moment)
        }
    }

    private mutating func begin(_ number: Int64, at moment: Instant) {
        guard service.status.coming?.number == number,
            service.status.coming?.startedAt == nil
        else { return }
        service.status.coming?.startedAt = moment
        turn(to: .provisioning)
    }

    private mutating func end(_ outcome: ServiceOutcome, at moment: Instant) {
        // What a newer one has superseded has come to its end before.
        guard var coming = service.status.coming, coming.number == outcome.number else { return }
        service.status.coming = nil
        service.status.conditions.set(
            Condition(
                type: ServiceInstance.delivered,
                status: outcome.state == .succeeded ? .true : .false,
                reason: outcome.state.word,
                message: outcome.detail,
                observedGeneration: coming.generation,
                lastTransitionAt: moment
            )
        )
        guard outcome.state == .succeeded else {
            service.status.leftover = coming.number
            events.append((.serviceDeliveryFailed, outcome.detail))
            turn(to: service.status.live == nil ? .failed : .degraded)
            return
        }
        coming.since = moment
        coming.revision = outcome.revision
        service.status.live = coming
        service.status.leftover = nil
        service.status.outputs = outcome.outputs
        service.status.isInterrupted = false
        if coming.terms == service.terms {
            service.status.observedGeneration = service.generation
        }
        events.append((.serviceDelivered, nil))
        turn(to: service.spec.paused ? .paused : .ready)
    }

    /// The word for what is so now, unless more is on its way.
    private mutating func turn(to phase: ServiceStatus.Phase, because reason: String? = nil) {
        let before = service.status.phase
        guard before != .deleting else { return }
        let next = service.status.coming == nil ? phase : .provisioning
        service.status.phase = next
        guard next != before else { return }
        switch next {
        case .ready: events.append((.serviceReady, nil))
        case .degraded: events.append((.serviceDegraded, reason))
        case .failed: events.append((.serviceFailed, nil))
        case .paused: events.append((.servicePaused, nil))
        case .pending, .provisioning, .deleting: break
        }
    }

    private mutating func see(_ seen: EnvironmentObservation, at moment: Instant) {
        if seen.isReady != nil {
            service.status.objects = seen.objectsInOrder(atMost: ServiceStatus.objectsMax)
            service.status.waiting = seen.waiting
        }
        service.status.conditions.take(
            seen.conditions,
            generation: service.status.observedGeneration,
            at: moment
        )
        // A delivery says by its end what became of it, and what a failed one has left is mended
        // by another one alone.
        let phase = service.status.phase
        guard let isReady = seen.isReady, phase == .ready || phase == .degraded,
            service.status.live != nil, !isReady || service.status.leftover == nil
        else { return }
        let ready = seen.conditions.first { $0.type == "Ready" }
        turn(to: isReady ? .ready : .degraded, because: ready?.message)
    }

    /// A job has brought everything outside to that generation of the spec.
    private mutating func settle(_ generation: Int64, _ isReady: Bool) {
        service.status.isInterrupted = false
        if service.status.leftover == nil, service.status.coming == nil {
            service.status.observedGeneration = max(
                service.status.observedGeneration,
                generation
            )
        }
        guard service.status.live != nil || service.spec.paused else { return }
        if service.spec.paused {
            turn(to: .paused)
        } else {
            turn(to: isReady && service.status.leftover == nil ? .ready : .degraded)
        }
    }

    /// The job has stopped before its end: so has what it was to deliver.
    private mutating func stop(
        _ job: JobID,
        _ state: ServiceOutcome.State,
        _ detail: String,
        at moment: Instant
    ) {
        let isNewest = service.status.job == job
        if let coming = service.status.coming, coming.job == job {
            end(ServiceOutcome(coming.number, state, detail: detail), at: moment)
        } else if state == .failed, isNewest {
            turn(to: service.status.live == nil ? .failed : .degraded)
        }
        if isNewest { service.status.isInterrupted = true }
    }

    /// A deletion that was given up can be asked for anew.
    private mutating func takeBackDeletion(by job: JobID) {
        guard service.status.phase == .deleting, service.status.job == job else { return }
        // How much of it is gone already is not known: the next order delivers anew.
        service.status.phase = .failed
        service.status.leftover = service.status.live?.number ?? service.status.leftover
        service.status.live = nil
        service.status.outputs = JSONObject()
        service.status.ending = nil
    }
}

extension ServiceOutcome.State {
    fileprivate var word: String {
        switch self {
        case .succeeded: "Delivered"
        case .failed: "Failed"
        case .cancelled: "Cancelled"
        }
    }
}
