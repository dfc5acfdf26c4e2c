extension ServiceBinding {
    /// When a rotation that failed is tried again by itself.
    package static let rotationRetry: Duration = .seconds(3_600)
    /// When the end of a credential that was given up is tried again by itself.
    package static let retirementRetry: Duration = .seconds(3_600)
    /// The condition that says how the newest credential came to be.
    package static let issued = "Issued"
    /// The condition that says whether the consumer has a credential.
    package static let ready = "Ready"
    /// The condition that says whether the consumer's Secret holds what its source says.
    package static let synced = "Synced"

    /// What follows from what a job found out or did.
    package struct Progress: Sendable, Equatable {
        /// The binding as it is from now on.
        package var binding: ServiceBinding
        /// What the world is told, each with the number of its credential.
        package var events: [(type: EventType, credential: Int64?)] = []

        package static func == (left: Progress, right: Progress) -> Bool {
            left.binding == right.binding && left.events.elementsEqual(right.events, by: ==)
        }
    }

    /// What becomes of the binding by what a job about it found out.
    package func progress(
        by facts: [StepFact],
        of job: JobID,
        at moment: Instant
    ) -> Progress {
        var progress = Progress(binding: self)
        for fact in facts { progress.take(fact, of: job, at: moment) }
        return progress
    }
}

extension ServiceBinding.Progress {
    fileprivate mutating func take(_ fact: StepFact, of job: JobID, at moment: Instant) {
        switch fact {
        case .credentialBegun(let number, let terms, let rotation):
            begin(number, terms, rotation, at: moment)
        case .credentialSwitched(let number, let secret, let revision):
            switchOver(to: number, secret, revision, at: moment)
        case .credentialHeld(let number, let secret): hold(number, secret, at: moment)
        case .credentialFailed(let number, let detail): fail(number, detail, at: moment)
        case .credentialRetired(let number):
            guard binding.status.retiring.contains(where: { $0.number == number }) else { return }
            binding.status.retiring.removeAll { $0.number == number }
            binding.status.isInterrupted = false
            binding.status.waiting = nil
            events.append((.credentialRetired, number))
        case .credentialRenewed(let number):
            guard binding.status.current?.number == number else { return }
            events.append((.credentialRenewed, number))
        case .bindingSeen(let seen):
            binding.status.waiting = seen.waiting
            binding.status.conditions.take(
                seen.conditions,
                generation: binding.status.observedGeneration,
                at: moment
            )
        case .bindingRemoved: events.append((.bindingRevoked, nil))
        case .jobGivenUp: stop(job, "Its job was cancelled.", isOver: true, at: moment)
        case .jobStuck(let reason): stop(job, reason, isOver: false, at: moment)
        case .observed(let generation):
            binding.status.observedGeneration = max(
                binding.status.observedGeneration,
                generation
            )
        case .condition(ServiceBinding.ready, .false, _, _, _) where isSettled: break
        default:
            binding.status.conditions.take(
                fact,
                generation: binding.status.observedGeneration,
                at: moment
            )
        }
    }

    /// Whether the consumer has its credential, or is known to get none: work on other credentials,
    /// which waits and is tried again, changes nothing of that.
    private var isSettled: Bool {
        switch binding.status.phase {
        case .ready, .rotating, .failed: true
        case .pending, .issuing, .revoking: false
        }
    }

    private mutating func begin(
        _ number: Int64,
        _ terms: ServiceTerms,
        _ rotation: CredentialRotation,
        at moment: Instant
    ) {
        guard var coming = binding.status.coming, coming.number == number,
            coming.startedAt == nil
        else { return }
        coming.startedAt = moment
        coming.terms = terms
        coming.rotation = rotation
        binding.status.coming = coming
        if binding.status.phase == .pending { binding.status.phase = .issuing }
    }

    private mutating func switchOver(
        to number: Int64,
        _ secret: SecretPlace?,
        _ revision: String?,
        at moment: Instant
    ) {
        guard var coming = binding.status.coming, coming.number == number else { return }
        coming.switchedAt = moment
        coming.revision = revision
        binding.status.coming = nil
        take(over: coming, secret, at: moment)
    }

    /// What the consumer has is what counts, whatever became of the job that wrote it.
    private mutating func hold(_ number: Int64, _ secret: SecretPlace, at moment: Instant) {
        let place = binding.status.retiring.firstIndex { $0.number == number }
        guard let place, binding.status.phase != .revoking else { return }
        guard number > binding.status.current?.number ?? 0 else {
            // Somebody has put back what was there before: it gets its overlap once more.
            binding.status.retiring[place].retire(after: moment)
            return
        }
        var held = binding.status.retiring.remove(at: place)
        held.switchedAt = moment
        held.retiresAt = nil
        held.job = nil
        take(over: held, secret, at: moment)
    }

    /// The consumer has that credential; the one before goes after the overlap.
    private mutating func take(
        over next: CredentialRecord,
        _ secret: SecretPlace?,
        at moment: Instant
    ) {
        let before = binding.status.current
        if var before {
            before.retire(after: moment, next.rotation)
            binding.status.retiring.append(before)
        }
        binding.status.current = next
        binding.status.secret = secret
        binding.status.observedGeneration = max(
            binding.status.observedGeneration,
            next.generation
        )
        binding.settleRotation()
        if binding.status.coming == nil {
            binding.status.isInterrupted = false
            binding.status.phase = .ready
        } else {
            binding.status.phase = .rotating
        }
        set(.true, "Issued", "The consumer has credential \(next.number).", at: moment)
        set(.true, "Ready", "Its credential is there.", of: ServiceBinding.ready, at: moment)
        events.append((before == nil ? .bindingReady : .bindingRotated, next.number))
    }

    private mutating func fail(_ number: Int64, _ detail: String, at moment: Instant) {
        guard binding.status.coming?.number == number else { return }
        binding.retireComing(at: moment)
        let hasCurrent = binding.status.current != nil
        if binding.status.rotatesAt != nil {
            binding.status.rotatesAt = moment.advanced(by: ServiceBinding.rotationRetry)
        }
        binding.status.phase = hasCurrent ? .ready : .failed
        binding.status.waiting = nil
        set(.false, "Failed", detail, at: moment)
        if !hasCurrent { set(.false, "Failed", detail, of: ServiceBinding.ready, at: moment) }
        events.append((hasCurrent ? .bindingRotationFailed : .bindingFailed, number))
    }

    /// The job has stopped before its end: so has what it was to make or remove.
    private mutating func stop(
        _ job: JobID,
        _ detail: String,
        isOver: Bool,
        at moment: Instant
    ) {
        let isNewest = binding.status.job == job
        if let coming = binding.status.coming, coming.job == job {
            fail(coming.number, detail, at: moment)
        }
        // A credential whose end waits for a person is not given another job.
        if isOver,
            let index = binding.status.retiring.firstIndex(where: { $0.job == job })
        {
            binding.status.retiring[index].job = nil
            binding.status.retiring[index].retiresAt = moment.advanced(
                by: ServiceBinding.retirementRetry
            )
        }
        // A revocation that was given up can be asked for anew.
        if isOver, isNewest, binding.status.phase == .revoking { binding.status.phase = .failed }
        if isNewest { binding.status.isInterrupted = true }
    }

    private mutating func set(
        _ status: Condition.Status,
        _ reason: String,
        _ message: String,
        of type: String = ServiceBinding.issued,
        at moment: Instant
    ) {
        binding.status.conditions.set(
            Condition(
                type: type,
                status: status,
                reason: reason,
                message: message,
                observedGeneration: binding.status.observedGeneration,
                lastTransitionAt: moment
            )
        )
    }
}

extension CredentialRecord {
    /// Nobody has it in hand from that moment on, except those who have not taken the next yet.
    fileprivate mutating func retire(after moment: Instant, _ next: CredentialRotation? = nil) {
        let overlap = (next ?? rotation)?.overlap ?? OfferingBinding.overlapUsual
        retiresAt = moment.advanced(by: overlap)
        job = nil
    }
}
