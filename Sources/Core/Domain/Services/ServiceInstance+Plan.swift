package import JSON

extension ServiceInstance {
    /// What is stored in one transaction once a change is decided.
    package struct Decision: Sendable, Equatable {
        /// The service as it is from now on.
        package var service: ServiceInstance
        /// The work that follows; nil where none does.
        package var job: NewJob?
        /// Whether the unfinished work on the service is given up for it.
        package var givesUpJobs: Bool
        /// What the world is told.
        package var event: Event

        /// Whether the service is new.
        package var isCreation: Bool { service.revision == 1 }
        /// What the service counts for in the quotas of its tenant.
        package var figures: ServiceFigures { service.figures }
    }

    /// A new service, waiting for its first delivery.
    package static func creation(
        id: ServiceInstanceID,
        name: ServiceInstanceName,
        of tenant: TenantID,
        named tenantName: TenantName,
        labels: Labels,
        order: ServiceOrder,
        for dependency: ServiceName? = nil,
        of ordered: OrderedOffering,
        in surroundings: ServiceSurroundings,
        on occasion: Occasion
    ) throws(ServiceRefusal) -> Decision {
        let first = surroundings.clusters.first { $0.name == Cluster.nameFirst }
        let usual = (first ?? surroundings.clusters.first)?.name ?? Cluster.nameFirst
        let spec = ServiceSpec(
            offering: ordered.offering.name,
            version: ordered.offering.version,
            plan: ordered.terms.plan,
            parameters: order.parameters,
            environment: order.environment,
            cluster: order.cluster ?? (order.environment == nil ? usual : nil),
            adopt: order.adopt ?? false,
            paused: order.paused ?? false,
            deleteProtection: order.deleteProtection ?? false
        )
        var faults = faults(named: name, of: ordered.offering)
        faults += spec.placeFaults(of: ordered.offering, in: surroundings)
        if spec.paused {
            let detail = "A service is paused once it is there; leave `paused` out."
            faults.append(ServiceFault(.spec("paused"), "conflicting", detail))
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        var service = ServiceInstance(
            id: id,
            tenant: tenant,
            tenantName: tenantName,
            name: name,
            labels: labels,
            spec: spec,
            terms: ordered.terms,
            complete: ordered.complete,
            status: ServiceStatus(phase: .pending),
            generation: 1,
            revision: 1,
            createdAt: occasion.at,
            updatedAt: occasion.at
        )
        service.status.dependency = dependency
        service.begin(on: occasion)
        return service.decision(.serviceRequested, job: .serviceDeliver, on: occasion)
    }

    /// The service as ordered anew; nil where that changes nothing.
    ///
    /// What the order leaves open stays as it is, and so does what is rendered where `ordered` is
    /// nil. A delivery that is under way is given up for a newer one.
    package func change(
        labels: Labels,
        order: ServiceOrder,
        of ordered: OrderedOffering?,
        on occasion: Occasion
    ) throws(ServiceRefusal) -> Decision? {
        guard status.phase != .deleting else { throw .isDeleting }
        var spec = self.spec
        spec.offering = order.offering ?? spec.offering
        if let ordered {
            spec.version = ordered.offering.version
            spec.plan = ordered.terms.plan
            spec.parameters = ordered.terms.parameters
        }
        spec.environment = order.environment ?? spec.environment
        spec.cluster = order.cluster ?? spec.cluster
        spec.adopt = order.adopt ?? spec.adopt
        spec.paused = order.paused ?? spec.paused
        spec.deleteProtection = order.deleteProtection ?? spec.deleteProtection
        let faults =
            spec.fixedFaults(changing: self.spec) + (ordered.map(changeFaults(to:)) ?? [])
        guard faults.isEmpty else { throw .invalid(faults) }
        let delivers = needsDelivery(of: ordered?.terms ?? terms)
        if delivers, spec.paused { throw .isPaused }
        let switches = spec.paused != self.spec.paused || status.isInterrupted
        guard labels != self.labels || spec != self.spec || delivers || switches else { return nil }
        return turned(
            to: spec,
            ordered,
            labels: labels,
            job: delivers ? .serviceDeliver : switches ? .serviceUpdate : nil,
            on: occasion
        )
    }

    /// The service with what is there left as it is from now on, or no longer; nil where that is
    /// so already.
    package func pausing(
        _ isPaused: Bool,
        on occasion: Occasion
    ) throws(ServiceRefusal) -> Decision? {
        guard status.phase != .deleting else { throw .isDeleting }
        guard spec.paused != isPaused || status.isInterrupted else { return nil }
        var spec = self.spec
        spec.paused = isPaused
        // What is under way or has failed is delivered once somebody resumes the service.
        let delivers = !isPaused && needsDelivery(of: terms)
        return turned(
            to: spec,
            nil,
            labels: labels,
            job: delivers ? .serviceDeliver : .serviceUpdate,
            on: occasion
        )
    }

    /// The service on its way out; nil where it already is: `status.job` is then at work on that.
    ///
    /// `waits` has it go once nothing is bound to it, instead of refusing that; `revokes` begins
    /// that anew where it waits already.
    package func deletion(
        by who: String,
        waits: Bool,
        revokes: Bool = false,
        on occasion: Occasion
    ) throws(ServiceRefusal) -> Decision? {
        guard status.phase != .deleting || revokes else { return nil }
        guard !spec.deleteProtection else { throw .isProtected }
        if status.phase != .deleting, status.dependency != nil,
            let environment = spec.environment
        {
            throw .isNeeded(by: environment)
        }
        guard waits || bindings.isEmpty else { throw .isBound(bindings) }
        return removal(because: .request(by: who), on: occasion)
    }

    /// The service on its way out, whatever protects it.
    package func removal(because ending: ServiceEnding, on occasion: Occasion) -> Decision {
        var next = touched(at: occasion.at)
        next.giveUpDelivery()
        next.status.phase = .deleting
        next.status.ending = ending
        next.status.begin(occasion.job)
        return next.decision(
            .serviceDeletionRequested,
            job: .serviceDelete,
            givesUpJobs: true,
            on: occasion
        ) { data in
            data.member("reason", ending.reason)
        }
    }

    /// What the order was that led to the spec as it is.
    package var order: ServiceOrder {
        ServiceOrder(
            offering: spec.offering,
            version: spec.version,
            plan: spec.plan,
            parameters: spec.parameters,
            environment: spec.environment,
            cluster: spec.cluster,
            adopt: spec.adopt,
            paused: spec.paused,
            deleteProtection: spec.deleteProtection
        )
    }

    /// Whether those terms are neither there nor on their way; what failed is tried again when it
    /// is asked for again.
    func needsDelivery(of terms: ServiceTerms) -> Bool {
        if let coming = status.coming { return coming.terms != terms }
        return status.leftover != nil || status.live?.terms != terms
    }

    private func turned(
        to spec: ServiceSpec,
        _ ordered: OrderedOffering?,
        labels: Labels,
        job kind: JobKind?,
        on occasion: Occasion
    ) -> Decision {
        var next = touched(at: occasion.at)
        next.labels = labels
        next.spec = spec
        if let ordered {
            next.terms = ordered.terms
            next.complete = ordered.complete
        }
        if spec != self.spec { next.generation += 1 }
        var givesUp = false
        if kind == .serviceDeliver || (kind == .serviceUpdate && spec.paused) {
            givesUp = next.giveUpDelivery()
        }
        switch kind {
        case .serviceDeliver?: next.begin(on: occasion)
        case .serviceUpdate?: next.status.begin(occasion.job)
        default:
            if status.observedGeneration == generation {
                next.status.observedGeneration = next.generation
            }
        }
        return next.decision(
            kind == .serviceDeliver ? .serviceDeliveryRequested : .serviceUpdated,
            job: kind,
            givesUpJobs: givesUp,
            on: occasion
        )
    }

    /// Takes back what is under way; whether anything was.
    @discardableResult
    private mutating func giveUpDelivery() -> Bool {
        guard let coming = status.coming else { return false }
        if coming.startedAt != nil { status.leftover = coming.number }
        status.coming = nil
        return true
    }

    private mutating func begin(on occasion: Occasion) {
        status.deliveries += 1
        status.coming = ServiceDelivery(
            number: status.deliveries,
            terms: terms,
            generation: generation,
            since: occasion.at,
            job: occasion.job
        )
        status.begin(occasion.job)
        if status.phase != .pending { status.phase = .provisioning }
    }

    private func touched(at moment: Instant) -> ServiceInstance {
        var next = self
        next.revision += 1
        next.updatedAt = moment
        return next
    }

    private func decision(
        _ type: EventType,
        job kind: JobKind?,
        givesUpJobs: Bool = false,
        on occasion: Occasion,
        _ more: (inout JSONWriter) -> Void = { _ in }
    ) -> Decision {
        Decision(
            service: self,
            job: kind.map { job(of: $0, on: occasion) },
            givesUpJobs: givesUpJobs,
            event: event(type, id: occasion.event, at: occasion.at) { data in
                if kind != nil { data.member("jobId", occasion.job.description) }
                more(&data)
            }
        )
    }

    /// An event about the service.
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
            data.member("offering", spec.offering.text)
            data.member("version", spec.version.description)
            data.member("plan", spec.plan)
            data.member("environment", orNull: spec.environment?.text)
            data.member("generation", generation)
            data.member("phase", status.phase.rawValue)
            data.member("delivery", status.deliveries)
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

    /// The work, with everything about the service that its steps go by.
    private func job(of kind: JobKind, on occasion: Occasion) -> NewJob {
        var input = JSONWriter(reserving: 1_024)
        input.object { input in
            input.member("generation", generation)
            input.member("tenant", tenantName.text)
            input.member("service", name.text)
            input.key("spec")
            spec.write(to: &input)
            input.key("delivery")
            if let coming = status.coming, kind == .serviceDeliver {
                coming.write(to: &input)
            } else {
                input.null()
            }
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
