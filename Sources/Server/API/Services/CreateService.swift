import Domain
import HTTP
import JSON
import Secrets
import Storage

/// An order of a tenant: a new service.
struct CreateService: Operation {
    static let endpoint = Endpoint(
        "createService",
        .post,
        "/v1/tenants/{tenant}/services",
        for: .permitted(.createService),
        body: .json,
        [.changes, .creates, .waits, .plans]
    )

    private let creation: ServiceCreation
    private let isDryRun: Bool

    init(reading inputs: Inputs) throws(Problem) {
        let tenant: TenantName = try inputs.name("tenant")
        isDryRun = try inputs.isDryRun()
        creation = try inputs.read { reader in
            let name: ServiceInstanceName? = reader.required("name", Reading.name)
            let wish = ServiceInput(&reader, needsOffering: true)
            guard let name, let wish else { return nil }
            return ServiceCreation(tenant: tenant, name: name, wish: wish)
        }
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try await creation.answer(call, isDryRun: isDryRun)
    }
}

/// What POST and a PUT on a new name have in common.
struct ServiceCreation {
    let tenant: TenantName
    let name: ServiceInstanceName
    let wish: ServiceInput

    /// The decision to make it, where nothing is in the way.
    func decided(_ call: Invocation) async throws -> ServiceInstance.Decision {
        try await judged(call, isDryRun: false).decision
    }

    private func judged(
        _ call: Invocation,
        isDryRun: Bool
    ) async throws -> (
        decision: ServiceInstance.Decision, outlook: ManifestOutlook, scene: ServiceScene
    ) {
        let scene = try await ServiceScene(of: tenant, call)
        guard scene.tenant.status.phase != .deleting else {
            throw ServiceRefusal.tenantIsDeleting
        }
        let release = try await scene.release(for: wish.order, call)
        let decision = try decision(of: release, in: scene, call)
        let service = decision.service
        var outlook = ManifestOutlook.none
        // Of one that is there already, storing it finds out whether the call is a repeated one.
        if try await ServiceTarget(tenant: tenant, name: name).find(call) == nil {
            try await scene.checkKinds(of: release, for: service, call)
            outlook = try await adoption(of: service, release, call, isDryRun: isDryRun)
        }
        return (decision, outlook, scene)
    }

    func answer(_ call: Invocation, isDryRun: Bool) async throws -> Answer {
        let storage = call.services.storage
        let (decision, outlook, scene) = try await judged(call, isDryRun: isDryRun)
        if isDryRun { return try await plan(decision, outlook, scene, call) }
        let service = decision.service
        let change = Change(
            effect: .created(at: "/v1/tenants/\(tenant)/services/\(name)"),
            resource: ServiceView.bytes(service),
            revision: service.revision,
            job: decision.job
        )
        do {
            return try await change.perform(
                call,
                store: { circumstances throws(StorageFault) in
                    try await storage.services.create(decision, for: circumstances)
                },
                current: { try await ServiceView.current(service.id, call) }
            )
        } catch StorageFault.nameTaken {
            throw try await holder(call)
        }
    }

    private func decision(
        of release: OfferingRelease,
        in scene: ServiceScene,
        _ call: Invocation
    ) throws -> ServiceInstance.Decision {
        var random = SecureRandom()
        return try ServiceInstance.creation(
            id: ServiceInstanceID(at: call.now, using: &random),
            name: name,
            of: scene.tenant.id,
            named: scene.tenant.name,
            labels: wish.labels,
            order: wish.order,
            of: try release.ordered(wish.order),
            in: scene.surroundings,
            on: call.occasion
        )
    }

    /// Looks at what the repository holds under the service's name already.
    ///
    /// What is there is taken over where that is asked for and nothing of it would change.
    private func adoption(
        of service: ServiceInstance,
        _ release: OfferingRelease,
        _ call: Invocation,
        isDryRun: Bool
    ) async throws -> ManifestOutlook {
        guard !service.spec.adopt || release.offering.place == .tenant else {
            throw Problem(
                .stateConflict,
                "What the offering makes is the platform's, and is not taken over. Order without "
                    + "`spec.adopt`."
            )
        }
        let outlook = try await ServiceOutlook(service: service, release: release).manifests(call)
        guard case .changes(let changes, let commit?) = outlook else { return outlook }
        guard service.spec.adopt else {
            throw Problem(
                .stateConflict,
                "The tenant's repository has files in services/\(name)/ at commit \(commit). Take "
                    + "them over with `spec.adopt`, or choose another name."
            )
        }
        guard !changes.changes.isEmpty, !isDryRun else { return outlook }
        let objects = changes.changes.map { "\($0.object) (\($0.action.rawValue))" }
        throw Problem(
            .stateConflict,
            "What the repository holds is not what this order comes to: "
                + "\(objects.joined(separator: ", ")). `dryRun=true` shows the differences; bring "
                + "plan and parameters or the files in line."
        )
    }

    /// Why the name cannot be had: it may be free again soon.
    private func holder(_ call: Invocation) async throws -> any Error {
        let target = ServiceTarget(tenant: tenant, name: name)
        guard let service = try await target.find(call)?.service(),
            service.status.phase == .deleting
        else { return StorageFault.nameTaken }
        let job = service.status.job.map { " by job \($0)" } ?? ""
        let detail = "The service of this name is being deleted\(job); ask again once it is gone."
        return Problem(.nameTaken, detail)
    }

    /// What would happen, which may be a refusal, with the limits that it touches.
    private func plan(
        _ decision: ServiceInstance.Decision,
        _ outlook: ManifestOutlook,
        _ scene: ServiceScene,
        _ call: Invocation
    ) async throws -> Answer {
        let target = ServiceTarget(tenant: tenant, name: name)
        guard try await target.find(call) == nil else { throw try await holder(call) }
        let usage = try await call.services.storage.services.usage(of: scene.tenant.id)
        let standings = usage.standings(
            withAnother: decision.service.spec.offering,
            quotas: scene.tenant.spec.quotas.services
        )
        let exceeded = standings.filter(\.isExceeded)
        guard exceeded.isEmpty else { throw ServiceRefusal.overQuota(exceeded) }
        return Plan(
            action: .create,
            resource: ServiceView.bytes(decision.service),
            before: .null,
            after: try decision.service.wish(),
            job: decision.job,
            quota: standings,
            manifests: outlook
        ).answer(call)
    }
}
