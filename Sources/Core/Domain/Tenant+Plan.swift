import JSON

/// When something is decided, and the ids that what follows from it is going to have.
package struct Occasion: Sendable, Hashable {
    /// When it is decided.
    package let at: Instant
    /// The id of the job that follows, if one does.
    package let job: JobID
    /// The id of the event that tells of it, if one does.
    package let event: EventID

    /// An occasion with given ids.
    package init(at moment: Instant, job: JobID, event: EventID) {
        at = moment
        self.job = job
        self.event = event
    }

    /// An occasion with new ids.
    package init(at moment: Instant, using random: inout some RandomNumberGenerator) {
        at = moment
        job = JobID(at: moment, using: &random)
        event = EventID(at: moment, using: &random)
    }
}

/// Why a change of a tenant is refused, whoever asks.
package enum TenantRefusal: Error, Equatable {
    /// The tenant is being deleted; nothing about it changes any more.
    case isDeleting
    /// The tenant is protected; `spec.deleteProtection` must be taken back first.
    case isProtected
    /// The tenant was made from another blueprint, which does not change; its version may.
    case blueprintIsFixed
    /// The isolation says what was made with the tenant, and does not change.
    case isolationIsFixed
    /// The repository stays where it was made; what becomes of it in the end may change.
    case repositoryIsFixed
}

extension TenantSpec {
    /// Whether the repository is where that of the other spec is.
    fileprivate func hasRepository(of other: TenantSpec) -> Bool {
        guard let repository, let theirs = other.repository else {
            return repository == other.repository
        }
        return repository.isSame(as: theirs)
    }
}

extension Tenant {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The tenant as it is from now on.
        package let tenant: Tenant
        /// The work that follows; nil where none does.
        package let job: NewJob?
        /// What the world is told.
        package let event: Event
    }

    /// A new tenant, waiting for its first job; `first` is the cluster that is made with it.
    package static func creation(
        id: TenantID,
        name: TenantName,
        labels: Labels,
        spec: TenantSpec,
        blueprint: BlueprintID,
        first: Cluster? = nil,
        on occasion: Occasion
    ) -> Decision {
        let clusters = first.map {
            [ClusterSummary(name: $0.name, kind: $0.spec.kind, phase: $0.status.phase)]
        }
        let tenant = Tenant(
            id: id,
            name: name,
            labels: labels,
            spec: spec,
            status: TenantStatus(
                phase: .pending,
                job: occasion.job,
                clusters: clusters ?? []
            ),
            blueprint: blueprint,
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        return tenant.decision(.tenantRequested, job: .tenantProvision, on: occasion)
    }

    /// The tenant with other labels and another spec; nil where that changes nothing.
    ///
    /// A job follows when what the repository or its registration is made from has changed, or
    /// when an earlier change is still on its way: that job observes the generation it began with.
    package func change(
        labels: Labels,
        spec: TenantSpec,
        on occasion: Occasion
    ) throws(TenantRefusal) -> Decision? {
        guard status.phase != .deleting else { throw .isDeleting }
        guard spec.blueprint.name == self.spec.blueprint.name else { throw .blueprintIsFixed }
        guard spec.isolation == self.spec.isolation else { throw .isolationIsFixed }
        guard spec.hasRepository(of: self.spec) else { throw .repositoryIsFixed }
        guard labels != self.labels || spec != self.spec else { return nil }
        let isSettled = status.observedGeneration == generation
        let needsWork = spec != self.spec && (!isSettled || reachesOutside(spec))
        var next = touched(at: occasion.at)
        next.labels = labels
        if spec != self.spec { next.generation += 1 }
        next.spec = spec
        if needsWork {
            next.status.job = occasion.job
        } else if isSettled {
            next.status.observedGeneration = next.generation
        }
        let type: EventType =
            switch (self.spec.suspended, spec.suspended) {
            case (false, true): .tenantSuspended
            case (true, false): .tenantResumed
            default: .tenantUpdated
            }
        return next.decision(type, job: needsWork ? .tenantUpdate : nil, on: occasion)
    }

    /// The tenant suspended or resumed; nil where it already is.
    package func suspension(
        _ isSuspended: Bool,
        on occasion: Occasion
    ) throws(TenantRefusal) -> Decision? {
        var next = spec
        next.suspended = isSuspended
        return try change(labels: labels, spec: next, on: occasion)
    }

    /// The tenant on its way out; nil where it already is: `status.job` is then at work on that.
    package func deletion(on occasion: Occasion) throws(TenantRefusal) -> Decision? {
        guard status.phase != .deleting else { return nil }
        guard !spec.deleteProtection else { throw .isProtected }
        var next = touched(at: occasion.at)
        next.status.phase = .deleting
        next.status.job = occasion.job
        return next.decision(.tenantDeletionRequested, job: .tenantDelete, on: occasion)
    }

    /// Whether the change reaches the repository or the management entry, not only our own record.
    private func reachesOutside(_ next: TenantSpec) -> Bool {
        next.blueprint != spec.blueprint || next.parameters != spec.parameters
            || next.suspended != spec.suspended
    }

    private func touched(at moment: Instant) -> Tenant {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(
        _ type: EventType,
        job kind: JobKind?,
        on occasion: Occasion
    ) -> Decision {
        var data = JSONWriter(reserving: 256)
        data.object { data in
            data.member("id", id.description)
            data.member("name", name.text)
            data.member("generation", generation)
            data.member("phase", status.phase.rawValue)
            if kind != nil { data.member("jobId", occasion.job.description) }
        }
        return Decision(
            tenant: self,
            job: kind.map { job(of: $0, on: occasion) },
            event: Event(
                id: occasion.event,
                type: type,
                subject: reference,
                tenant: id,
                at: occasion.at,
                data: data.finish()
            )
        )
    }

    /// The work, with everything about the tenant that its steps go by.
    private func job(of kind: JobKind, on occasion: Occasion) -> NewJob {
        var input = JSONWriter(reserving: 512)
        input.object { input in
            input.member("generation", generation)
            input.member("blueprintId", blueprint.description)
            input.key("labels")
            labels.write(to: &input)
            input.key("spec")
            spec.write(to: &input)
        }
        return NewJob(
            id: occasion.job,
            kind: kind,
            subject: reference,
            tenant: id,
            input: input.finish()
        )
    }
}
