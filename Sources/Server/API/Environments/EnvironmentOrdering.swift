import Blueprints
import Domain
import JSON
import Secrets
import Storage

/// What an environment orders with itself: for each offering that it depends on a service of its
/// own, and a binding by which it gets the credential.
struct EnvironmentOrdering {
    /// The most characters of a service's name, whatever the offering allows: it stays.
    private static let nameMax = Offering.nameMaxUsual

    private let environment: Environment
    private let call: Invocation
    private let scene: ServiceScene
    private let provided: [ServiceName: ProvidedService]

    /// What is to be ordered, or ordered anew, where everything of it can be; `kind` is that of the
    /// environment's cluster where that is yet to be made.
    ///
    /// - Throws: a problem with everything that is wrong, each at its place below
    ///   `/spec/dependencies`.
    static func orders(
        of environment: Environment,
        in kind: ClusterKind? = nil,
        _ call: Invocation
    ) async throws -> [DependencyOrder] {
        let wanted = environment.spec.dependencies.enumerated().compactMap { index, dependency in
            dependency.order.map { (index, $0) }
        }
        guard !wanted.isEmpty, environment.status.phase != .deleting else { return [] }
        let ordering = try await EnvironmentOrdering(environment, in: kind, call)
        return try await Problem.collecting(from: wanted) { index, service in
            let place = DependencyPlace(index: index, name: service.name)
            return try await ordering.order(service, at: place)
        }
    }

    private init(
        _ environment: Environment,
        in kind: ClusterKind?,
        _ call: Invocation
    ) async throws {
        self.environment = environment
        self.call = call
        var scene = try await ServiceScene(of: environment.tenantName, call)
        let clusters = scene.tenant.status.clusters
        scene.surroundings.environments[environment.name] =
            switch environment.spec.placement {
            case .own(let kind, _): .some(kind)
            case .cluster(let name): .some(clusters.first { $0.name == name }?.kind ?? kind)
            }
        self.scene = scene
        let found = try await call.services.storage.services.provided(
            for: environment.name,
            of: environment.tenant
        )
        provided = Dictionary(
            found.compactMap { found in found.service.status.dependency.map { ($0, found) } }
        ) { first, _ in first }
    }

    private func order(
        _ wanted: OrderedService,
        at place: DependencyPlace
    ) async throws -> DependencyOrder {
        let order = ServiceOrder(
            offering: wanted.offering,
            version: wanted.version,
            plan: wanted.plan,
            parameters: wanted.parameters
        )
        guard let current = provided[wanted.name] else {
            return try await creation(of: wanted, order, at: place)
        }
        guard current.service.status.phase != .deleting else {
            let detail =
                "The service \(current.service.name) of an earlier dependency `\(wanted.name)` is "
                + "being deleted; ask again once it is gone, or name the dependency otherwise."
            throw Problem(.stateConflict, detail)
        }
        let change = try await place.judging {
            try await current.service.ordered(labels: current.service.labels, order, call)
        }
        return DependencyOrder(
            index: place.index,
            offering: wanted.offering,
            service: change?.decision,
            binding: try await place.judging(below: ["binding"]) {
                try await binding(
                    wanted,
                    of: change?.decision.service ?? current.service,
                    instead: current.binding
                )
            }
        )
    }

    private func creation(
        of wanted: OrderedService,
        _ order: ServiceOrder,
        at place: DependencyPlace
    ) async throws -> DependencyOrder {
        var order = order
        order.environment = environment.name
        let (decision, release) = try await place.judging {
            let release = try await scene.release(for: order, call)
            let name = try await freeName(for: wanted)
            var random = SecureRandom()
            let decision = try ServiceInstance.creation(
                id: ServiceInstanceID(at: call.now, using: &random),
                name: name,
                of: environment.tenant,
                named: environment.tenantName,
                labels: Labels(),
                order: order,
                for: wanted.name,
                of: try release.ordered(order),
                in: scene.surroundings,
                on: call.occasion
            )
            try scene.checkKinds(of: release, at: try await spot())
            try await checkFiles(of: decision.service, release)
            return (decision, release)
        }
        let binding: ServiceBinding.Decision? = try await place.judging(below: ["binding"]) {
            try await self.binding(
                wanted,
                of: decision.service,
                by: release.offering,
                instead: nil
            )
        }
        return DependencyOrder(
            index: place.index,
            offering: wanted.offering,
            service: decision,
            binding: binding
        )
    }

    /// The service's name, made of the environment's and the dependency's, where it is free.
    private func freeName(for wanted: OrderedService) async throws -> ServiceInstanceName {
        var names = [environment.name.text, wanted.name.text]
        // Services begin with a letter, and branches with the number of their issue.
        if names[0].utf8.first.map({ $0 < UInt8(ascii: "a") }) ?? false { names.insert("e", at: 0) }
        let text = ServiceNaming.joined(names, atMost: Self.nameMax)
        let name = try ServiceInstanceName(parsing: text)
        let taken = try await call.services.storage.services.find(
            name,
            of: environment.tenantName,
            as: .system
        )
        guard taken != nil else { return name }
        let detail =
            "It would be the service \(name), and the tenant has one of that name. Name the "
            + "dependency otherwise, or bind that service to the environment."
        throw ServiceRefusal.invalid([ServiceFault(.name, "taken", detail)])
    }

    private func spot() async throws -> ServiceSpot {
        let found = try await call.services.storage.clusters.find(
            environment.status.cluster ?? environment.spec.placement.cluster(of: environment.name),
            of: environment.tenantName,
            as: .system
        )
        return try await ServiceSpot(try found?.cluster(), for: environment.name, call)
    }

    /// Refuses what cannot be rendered, and a name under which the repository has files already.
    private func checkFiles(of service: ServiceInstance, _ release: OfferingRelease) async throws {
        var outlook = ServiceOutlook(service: service, release: release)
        outlook.environment = environment
        guard case .changes(_, let commit?) = try await outlook.manifests(call) else { return }
        let detail =
            "The tenant's repository has files in services/\(service.name)/ at commit \(commit). "
            + "Name the dependency otherwise."
        throw ServiceRefusal.invalid([ServiceFault(.name, "taken", detail)])
    }

    /// The environment's binding, new or as it is wanted now; nil where it stays.
    ///
    /// `offering` is looked up where it is nil.
    private func binding(
        _ wanted: OrderedService,
        of service: ServiceInstance,
        by offering: Offering? = nil,
        instead current: ServiceBinding?
    ) async throws -> ServiceBinding.Decision? {
        var spec =
            current?.spec ?? BindingSpec(delivery: .environment(environment.name))
        spec.parameters = wanted.bindingParameters
        if let current, current.spec == spec, current.status.phase != .failed,
            !current.status.isInterrupted
        {
            return nil
        }
        let scene =
            if let offering {
                BindingScene(
                    BindingSurroundings(
                        service: service,
                        offering: offering,
                        clusters: scene.surroundings.clusters,
                        environments: Set(scene.surroundings.environments.keys)
                    )
                )
            } else {
                try await BindingScene(of: service, in: scene, call)
            }
        guard scene.surroundings.offering.binding != nil else {
            guard wanted.bindingParameters.isEmpty else {
                let detail = "\(wanted.offering) cannot be bound; leave `binding` out."
                throw ServiceRefusal.invalid([ServiceFault(.spec([]), "not-offered", detail)])
            }
            return nil
        }
        try scene.check(spec)
        let occasion = call.occasion
        if let current {
            return try current.change(
                labels: current.labels,
                spec: spec,
                in: scene.surroundings,
                on: occasion
            )
        }
        var random = SecureRandom()
        let decision = try ServiceBinding.creation(
            id: BindingID(at: call.now, using: &random),
            name: OrderedService.binding,
            labels: Labels(),
            spec: spec,
            in: scene.surroundings,
            on: occasion
        )
        try await decision.binding.checkSecret(call.services.storage)
        return decision
    }
}

/// One of the dependencies of an order.
private struct DependencyPlace {
    let index: Int
    let name: ServiceName

    /// Runs what judges an order, and tells what is wrong as faults of the dependency.
    ///
    /// - Throws: a problem with them, and what is no fault of the order's.
    func judging<Value>(
        below path: [String] = [],
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch ServiceRefusal.invalid(let faults) {
            throw Problem(
                invalid: faults.map { fault in
                    let tokens: [String] =
                        switch fault.place {
                        case .name: ["name"]
                        case .spec(let tokens): tokens
                        }
                    return self.fault(path + tokens, fault.code, fault.detail)
                }
            )
        } catch let refusal as ServiceRefusal {
            if case .overQuota = refusal { throw refusal }
            throw explained(Problem(explaining: refusal))
        } catch let problem as Problem where problem.kind == .invalidInput {
            guard !problem.faults.isEmpty else {
                throw Problem(invalid: [fault(path, "invalid", problem.detail)])
            }
            throw Problem(
                invalid: problem.faults.map { fault in
                    guard case .body(let pointer) = fault.place else { return fault }
                    let tokens = Array(pointer.tokens.dropFirst())
                    return self.fault(path + tokens, fault.code, fault.detail)
                }
            )
        } catch let problem as Problem where problem.kind == .stateConflict {
            throw explained(problem)
        }
    }

    /// The fault at its place in the order of the environment: where the service is to be is what
    /// the environment says, so that the offering does not suit it.
    private func fault(_ tokens: [String], _ code: String, _ detail: String) -> Fault {
        let isPlace = tokens == ["environment"] || tokens == ["cluster"]
        let own = isPlace ? ["offering", "name"] : tokens
        let pointer = JSONPointer(["spec", "dependencies", "\(index)"] + own)
        return Fault(.body(pointer), code: code, detail: detail)
    }

    private func explained(_ problem: Problem) -> Problem {
        Problem(problem.kind, "The dependency `\(name)`: \(problem.detail)", faults: problem.faults)
    }
}
