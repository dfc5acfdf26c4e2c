package import JSON

/// What is there to bind, and to bind to.
package struct BindingSurroundings: Sendable {
    /// The service.
    package var service: ServiceInstance
    /// The offering at the version of the service.
    package var offering: Offering
    /// The tenant's clusters.
    package var clusters: [ClusterSummary]
    /// The tenant's environments that are not on their way out.
    package var environments: Set<EnvironmentName>

    /// That service of that offering, in a tenant that has those.
    package init(
        service: ServiceInstance,
        offering: Offering,
        clusters: [ClusterSummary],
        environments: Set<EnvironmentName>
    ) {
        self.service = service
        self.offering = offering
        self.clusters = clusters
        self.environments = environments
    }
}

extension ServiceBinding {
    /// The shortest time that a credential can be given.
    package static let rotationLeast: Duration = .seconds(600)
    /// The longest that two credentials are valid beside each other.
    package static let overlapMost: Duration = .seconds(30 * 86_400)

    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The binding as it is from now on.
        package var binding: ServiceBinding
        /// The work that follows; nil where none does.
        package var job: NewJob?
        /// Whether the unfinished work on the binding is given up for it.
        package var givesUpJobs: Bool
        /// What the world is told.
        package var event: Event

        /// Whether the binding is new.
        package var isCreation: Bool { binding.revision == 1 }
    }

    /// A new binding, waiting for its first credential.
    package static func creation(
        id: BindingID,
        name: BindingName,
        labels: Labels,
        spec: BindingSpec,
        in surroundings: BindingSurroundings,
        on occasion: Occasion
    ) throws(ServiceRefusal) -> Decision {
        let service = surroundings.service
        guard service.status.phase != .deleting else { throw .isDeleting }
        guard surroundings.offering.binding != nil else {
            throw .cannotBeBound(surroundings.offering.name)
        }
        guard service.bindings.count < ServiceInstance.bindingsMax else {
            throw .tooManyBindings(limit: ServiceInstance.bindingsMax)
        }
        let faults = Self.faults(named: name) + spec.faults(in: surroundings)
        guard faults.isEmpty else { throw .invalid(faults) }
        var binding = ServiceBinding(
            id: id,
            service: service.id,
            serviceName: service.name,
            tenant: service.tenant,
            tenantName: service.tenantName,
            name: name,
            labels: labels,
            spec: spec,
            status: BindingStatus(phase: .pending),
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        binding.begin(on: occasion)
        return binding.decision(.bindingRequested, job: .bindingIssue, on: occasion)
    }

    /// The binding as asked for anew; nil where that changes nothing.
    ///
    /// Other parameters are another credential. One that has failed is made anew.
    package func change(
        labels: Labels,
        spec: BindingSpec,
        in surroundings: BindingSurroundings,
        on occasion: Occasion
    ) throws(ServiceRefusal) -> Decision? {
        guard status.phase != .revoking else { throw .isDeleting }
        let faults = spec.fixedFaults(changing: self.spec) + spec.timeFaults
        guard faults.isEmpty else { throw .invalid(faults) }
        let wanted = status.coming?.parameters ?? status.current?.parameters
        let issues =
            wanted != spec.parameters || (status.coming == nil && status.phase == .failed)
            || (status.coming == nil && status.isInterrupted)
        guard labels != self.labels || spec != self.spec || issues else { return nil }
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        if spec != self.spec { next.generation += 1 }
        if let offering = surroundings.offering.binding { next.settleTimes(by: offering) }
        guard issues else {
            if status.observedGeneration == generation {
                next.status.observedGeneration = next.generation
            }
            return next.decision(.bindingUpdated, job: nil, on: occasion)
        }
        return try next.issuing(on: occasion)
    }

    /// The binding with its next credential on its way; nil where one is on its way already.
    package func rotation(on occasion: Occasion) throws(ServiceRefusal) -> Decision? {
        guard status.phase != .revoking else { throw .isDeleting }
        guard status.coming == nil || status.isInterrupted else { return nil }
        var next = touched(at: occasion.at)
        return try next.issuing(on: occasion)
    }

    /// What is due by itself: a credential that goes, or the next one; nil where nothing is.
    ///
    /// `admits` is false where the service is paused, so that no credential is made in it.
    package func upkeep(admits: Bool = true, on occasion: Occasion) -> Decision? {
        guard status.phase != .revoking else { return nil }
        let isDue = { (record: CredentialRecord) in
            record.job == nil && (record.retiresAt.map { $0 <= occasion.at } ?? false)
        }
        if let index = status.retiring.firstIndex(where: isDue) {
            var next = touched(at: occasion.at)
            next.status.retiring[index].job = occasion.job
            next.status.begin(occasion.job)
            return next.decision(
                .bindingUpdated,
                job: .bindingRetire,
                about: next.status.retiring[index],
                on: occasion
            )
        }
        guard admits, let rotatesAt = status.rotatesAt, rotatesAt <= occasion.at,
            status.coming == nil
        else { return nil }
        // With as many credentials as may wait, the next one comes when one of them is gone.
        return try? rotation(on: occasion)
    }

    /// When the sweep is to look at the binding; nil for never.
    package var dueAt: Instant? {
        guard status.phase != .revoking else { return nil }
        var due = status.retiring.filter { $0.job == nil }.compactMap(\.retiresAt)
        if status.coming == nil, let rotatesAt = status.rotatesAt { due.append(rotatesAt) }
        return due.min()
    }

    /// The binding on its way out; nil where it already is: `status.job` is then at work on that.
    package func revocation(because reason: String, on occasion: Occasion) -> Decision? {
        guard status.phase != .revoking else { return nil }
        var next = touched(at: occasion.at)
        next.status.phase = .revoking
        next.retireComing(at: occasion.at)
        next.status.rotatesAt = nil
        next.status.begin(occasion.job)
        return next.decision(
            .bindingRevocationRequested,
            job: .bindingRevoke,
            givesUpJobs: true,
            on: occasion
        ) { data in
            data.member("reason", reason)
        }
    }

    /// The binding with its current credential noted as shown; nil where it was before, or where
    /// there is none.
    package func showing(on occasion: Occasion) -> Decision? {
        guard spec.delivery == .answer, let current = status.current,
            status.shown != current.number, status.phase != .revoking
        else { return nil }
        var next = touched(at: occasion.at)
        next.status.shown = current.number
        return next.decision(.credentialShown, job: nil, about: current, on: occasion)
    }
}

extension ServiceBinding {
    /// The binding with another credential on its way; what is under way is given up for it.
    private mutating func issuing(on occasion: Occasion) throws(ServiceRefusal) -> Decision {
        guard status.retiring.count < Self.retiringMax else {
            throw .tooManyCredentials(limit: Self.retiringMax)
        }
        let givesUp = status.coming != nil
        retireComing(at: occasion.at)
        begin(on: occasion)
        return decision(
            .bindingRotationRequested,
            job: .bindingIssue,
            givesUpJobs: givesUp,
            on: occasion
        )
    }

    private mutating func begin(on occasion: Occasion) {
        status.credentials += 1
        status.coming = CredentialRecord(
            number: status.credentials,
            parameters: spec.parameters,
            generation: generation,
            since: occasion.at,
            job: occasion.job
        )
        status.begin(occasion.job)
        if status.phase != .pending { status.phase = status.current == nil ? .issuing : .rotating }
    }

    /// What is being made goes, with what there is of it.
    mutating func retireComing(at moment: Instant) {
        guard var coming = status.coming else { return }
        status.coming = nil
        // What nobody has worked on has left nothing.
        guard coming.startedAt != nil else { return }
        coming.retiresAt = moment
        coming.job = nil
        status.retiring.append(coming)
    }

    /// Takes the times anew by what the offering says.
    mutating func settleTimes(by offering: OfferingBinding) {
        guard var current = status.current else { return }
        current.rotation = spec.rotation(by: offering)
        status.current = current
        settleRotation()
    }

    mutating func settleRotation() {
        guard let current = status.current else { return }
        let from = current.switchedAt ?? current.since
        status.rotatesAt = current.rotation?.every.map { from.advanced(by: $0) }
    }

    private func touched(at moment: Instant) -> ServiceBinding {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(
        _ type: EventType,
        job kind: JobKind?,
        about record: CredentialRecord? = nil,
        givesUpJobs: Bool = false,
        on occasion: Occasion,
        _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> Decision {
        let credential = kind == .bindingIssue ? status.coming : record
        return Decision(
            binding: self,
            job: kind.map { job(of: $0, credential, on: occasion) },
            givesUpJobs: givesUpJobs,
            event: event(type, id: occasion.event, at: occasion.at) { data in
                if kind != nil { data.member("jobId", occasion.job.description) }
                if let credential { data.member("credential", credential.number) }
                more(&data)
            }
        )
    }

    /// An event about the binding.
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
            data.member("service", serviceName.text)
            data.member("name", name.text)
            data.member("generation", generation)
            data.member("phase", status.phase.rawValue)
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

    /// The work, with everything about the binding that its steps go by; no value of a credential.
    private func job(
        of kind: JobKind,
        _ credential: CredentialRecord?,
        on occasion: Occasion
    ) -> NewJob {
        var input = JSONWriter(reserving: 1_024)
        input.object { input in
            input.member("generation", generation)
            input.member("tenant", tenantName.text)
            input.member("service", serviceName.text)
            input.member("serviceId", service.description)
            input.member("binding", name.text)
            input.key("spec")
            spec.write(to: &input)
            input.key("credential")
            if let credential { credential.write(to: &input) } else { input.null() }
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
