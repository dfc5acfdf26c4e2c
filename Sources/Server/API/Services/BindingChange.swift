import Domain
import HTTP
import JSON
import Secrets
import Storage

/// The binding that a path names, and whether only the plan is wanted.
struct BindingTarget {
    let service: ServiceTarget
    let name: BindingName

    init(reading inputs: Inputs) throws(Problem) {
        service = try ServiceTarget(reading: inputs)
        name = try inputs.name("binding")
    }

    init(service: ServiceTarget, name: BindingName) {
        self.service = service
        self.name = name
    }

    var isDryRun: Bool { service.isDryRun }

    /// The binding, if the caller may see it.
    func find(_ call: Invocation) async throws -> StoredBinding? {
        guard let found = try await service.find(call) else { return nil }
        return try await call.services.storage.bindings.find(name, of: found.id, as: call.access)
    }
}

/// A change of a binding that exists: read, decide, store, answer.
struct BindingChange {
    let call: Invocation
    let target: BindingTarget

    init(_ call: Invocation, of target: BindingTarget) {
        self.call = call
        self.target = target
    }

    /// Decides on the binding as it is, and stores what was decided.
    ///
    /// `decide` answers nil where nothing would change.
    func perform(
        effect: Change.Effect = .changed,
        decide: (ServiceBinding) async throws -> ServiceBinding.Decision?
    ) async throws -> Answer {
        try await call.retrying {
            guard let stored = try await target.find(call) else { throw Problem.notFound }
            return try await perform(on: stored, effect: effect, decide: decide)
        }
    }

    /// The same for a binding that has been read.
    func perform(
        on stored: StoredBinding,
        effect: Change.Effect = .changed,
        decide: (ServiceBinding) async throws -> ServiceBinding.Decision?
    ) async throws -> Answer {
        try call.checkConditions(revision: stored.revision)
        let binding = try stored.binding()
        guard let decision = try await decide(binding) else {
            return try Unchanged(
                resource: BindingView.bytes(stored),
                revision: stored.revision,
                job: binding.status.job
            ).answer(call, effect, isDryRun: target.isDryRun, wish: binding.wish)
        }
        if target.isDryRun {
            if case .deleted = effect {
                return Plan(removing: try binding.wish(), by: decision.job).answer(call)
            }
            return Plan(
                action: .update,
                resource: BindingView.bytes(decision.binding),
                before: try binding.wish(),
                after: try decision.binding.wish(),
                job: decision.job
            ).answer(call)
        }
        let change = Change(
            effect: effect,
            resource: BindingView.bytes(decision.binding),
            revision: decision.binding.revision,
            job: decision.job
        )
        return try await change.perform(
            call,
            store: { circumstances throws(StorageFault) in
                try await call.services.storage.bindings.store(
                    decision,
                    replacing: stored.revision,
                    for: circumstances
                )
            },
            current: { try await BindingView.current(binding.id, call) }
        )
    }
}

/// What there is to judge a binding by.
struct BindingScene {
    let surroundings: BindingSurroundings

    init(_ surroundings: BindingSurroundings) { self.surroundings = surroundings }

    /// The service of that name with its offering, as the newest delivery has it.
    init(of target: ServiceTarget, _ call: Invocation) async throws {
        try await self.init(
            of: try await target.service(call),
            in: try await ServiceScene(of: target.tenant, call),
            call
        )
    }

    /// That service with its offering.
    init(of service: ServiceInstance, in scene: ServiceScene, _ call: Invocation) async throws {
        let terms = service.terms
        let version = try await call.services.storage.versions.find(
            terms.blueprintVersion,
            of: terms.blueprint,
            as: .system
        )
        guard var version else { throw Self.unreadable(service) }
        // A tag that has moved since does not change what was ordered.
        version.commit = terms.commit
        let releases = try await call.services.ordering.shelf.releases(
            of: version,
            named: terms.blueprint,
            call.services.git
        )
        guard let release = releases.first(where: { $0.offering.name == terms.offering }) else {
            throw Self.unreadable(service)
        }
        surroundings = BindingSurroundings(
            service: service,
            offering: release.offering,
            clusters: scene.tenant.status.clusters,
            environments: Set(scene.surroundings.environments.keys)
        )
    }

    /// Refuses what the offering's schema of bindings does not take.
    func check(_ spec: BindingSpec) throws {
        guard let binding = surroundings.offering.binding,
            // What was read as an offering has a schema that can be read.
            let schema = try? JSONSchema(parsing: binding.parameters)
        else { return }
        let complete = schema.fillingDefaults(in: .object(spec.parameters))
        let faults = schema.validate(complete)
        guard faults.isEmpty else { throw Problem(parameters: faults) }
    }

    private static func unreadable(_ service: ServiceInstance) -> Problem {
        Problem(
            .stateConflict,
            "Version \(service.terms.blueprintVersion) of the blueprint, which \(service.name) is "
                + "delivered from, cannot be read any more. Upgrade the service first."
        )
    }
}
