import Domain
import HTTP
import JSON
import Secrets
import Storage

/// What becomes of a service, and of what else it takes to say so.
struct ServiceStep {
    let decision: ServiceInstance.Decision
    /// What is rendered where something is delivered anew.
    var release: OfferingRelease?
    /// What becomes of its bindings where it goes.
    var ending = BindingEnding.refuse

    init?(
        _ decision: ServiceInstance.Decision?,
        of release: OfferingRelease? = nil,
        ending: BindingEnding = .refuse
    ) {
        guard let decision else { return nil }
        self.decision = decision
        self.release = release
        self.ending = ending
    }

    /// What would change of the delivered objects.
    func manifests(_ call: Invocation) async throws -> ManifestOutlook {
        guard let release, decision.job?.kind == .serviceDeliver else { return .none }
        let outlook = ServiceOutlook(service: decision.service, release: release)
        return try await outlook.manifests(call)
    }
}

/// A change of a service that exists: read, decide, store, answer.
struct ServiceChange {
    let call: Invocation
    let permission: Permission
    let target: ServiceTarget

    init(
        _ call: Invocation,
        of target: ServiceTarget,
        as permission: Permission = .updateService
    ) {
        self.call = call
        self.permission = permission
        self.target = target
    }

    /// Decides on the service as it is, and stores what was decided.
    ///
    /// `decide` answers nil where nothing would change.
    func perform(
        effect: Change.Effect = .changed,
        decide: (ServiceInstance) async throws -> ServiceStep?
    ) async throws -> Answer {
        try await call.retrying {
            guard let stored = try await target.find(call) else { throw Problem.notFound }
            return try await perform(on: stored, effect: effect, decide: decide)
        }
    }

    /// The same for a service that has been read.
    func perform(
        on stored: StoredService,
        effect: Change.Effect = .changed,
        decide: (ServiceInstance) async throws -> ServiceStep?
    ) async throws -> Answer {
        try call.checkConditions(revision: stored.revision)
        let service = try stored.service()
        guard let step = try await decide(service) else {
            return try Unchanged(
                resource: ServiceView.bytes(stored),
                revision: stored.revision,
                job: service.status.job
            ).answer(call, effect, isDryRun: target.isDryRun, wish: service.wish)
        }
        let decision = step.decision
        if target.isDryRun { return try await plan(service, step, effect) }
        let change = Change(
            effect: effect,
            resource: ServiceView.bytes(decision.service),
            revision: decision.service.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.services.store(
                    decision,
                    permission: permission,
                    replacing: stored.revision,
                    ending: step.ending,
                    for: circumstances
                )
            },
            current: { try await ServiceView.current(service.id, call) }
        )
    }

    private func plan(
        _ service: ServiceInstance,
        _ step: ServiceStep,
        _ effect: Change.Effect
    ) async throws -> Answer {
        let before = try service.wish()
        if case .deleted = effect {
            return Plan(removing: before, by: step.decision.job).answer(call)
        }
        return Plan(
            action: .update,
            resource: ServiceView.bytes(step.decision.service),
            before: before,
            after: try step.decision.service.wish(),
            job: step.decision.job,
            manifests: try await step.manifests(call)
        ).answer(call)
    }
}

/// The service that a path names, and whether only the plan is wanted.
struct ServiceTarget {
    let tenant: TenantName
    let name: ServiceInstanceName
    let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        tenant = try inputs.name("tenant")
        name = try inputs.name("service")
        isDryRun = try inputs.isDryRun()
    }

    init(tenant: TenantName, name: ServiceInstanceName, isDryRun: Bool = false) {
        self.tenant = tenant
        self.name = name
        self.isDryRun = isDryRun
    }

    /// The service, if the caller may see it.
    func find(_ call: Invocation) async throws -> StoredService? {
        try await call.services.storage.services.find(name, of: tenant, as: call.access)
    }

    /// The service; a problem where the caller may not see it.
    func service(_ call: Invocation) async throws -> ServiceInstance {
        guard let found = try await find(call) else { throw Problem.notFound }
        return try found.service()
    }
}

extension ServiceInstance {
    /// The service as ordered anew; what is rendered alike is not read again.
    func ordered(
        labels: Labels,
        _ order: ServiceOrder,
        _ call: Invocation
    ) async throws -> ServiceStep? {
        var order = order
        order.offering = order.offering ?? spec.offering
        order.version = order.version ?? spec.version
        order.plan = order.plan ?? spec.plan
        let isAlike =
            order.offering == spec.offering && order.plan == spec.plan
            && order.version?.description == spec.version.description
            && order.parameters == spec.parameters
        guard !isAlike else {
            let decision = try change(labels: labels, order: order, of: nil, on: call.occasion)
            return ServiceStep(decision)
        }
        guard order.offering == spec.offering else {
            // Another offering is refused whatever it offers.
            _ = try change(labels: labels, order: order, of: nil, on: call.occasion)
            throw Problem.internalError
        }
        let scene = try await ServiceScene(of: tenantName, call)
        let release = try await scene.release(for: order, call)
        let decision = try change(
            labels: labels,
            order: order,
            of: try release.ordered(order),
            on: call.occasion
        )
        if decision?.job?.kind == .serviceDeliver, release.offering.version != spec.version {
            try await scene.checkKinds(of: release, for: self, call)
        }
        return ServiceStep(decision, of: release)
    }
}

extension ServiceScene {
    /// Refuses an offering that renders kinds which the cluster does not serve, or whose objects
    /// the account of a namespace may not apply.
    func checkKinds(
        of release: OfferingRelease,
        for service: ServiceInstance,
        _ call: Invocation
    ) async throws {
        try checkKinds(
            of: release,
            at: try await spot(
                cluster: service.spec.cluster,
                environment: service.spec.environment,
                call
            )
        )
    }

    /// The same, where the place is known.
    func checkKinds(of release: OfferingRelease, at spot: ServiceSpot) throws(ServiceRefusal) {
        let faults = spot.kindFaults(of: release)
        guard !faults.isEmpty else { return }
        throw ServiceRefusal.invalid(
            faults.map { ServiceFault(.spec(["offering", "name"]), $0.code, $0.detail) }
        )
    }
}
