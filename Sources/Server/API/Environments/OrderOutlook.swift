import Domain
import JSON
import Storage

/// What would become of one thing that an environment orders with itself: a service with its
/// binding, or a companion.
struct OrderOutlook {
    /// What it is.
    private enum Subject {
        case service(ServiceInstance, Plan.Action)
        case companion(Environment, Plan.Action, from: Deployment.Origin?, orders: [OrderOutlook])
    }

    /// Which of the environment's dependencies it is for; nil for what is left out of them.
    private let index: Int?
    private let subject: Subject
    /// The environment's binding of a service; nil where there is none.
    private var binding: (ServiceBinding, Plan.Action)?

    private init(_ index: Int?, _ subject: Subject) {
        self.index = index
        self.subject = subject
    }

    /// What becomes of something that no dependency orders any more, or not now; what is protected
    /// stays.
    private init(_ found: ProvidedService, _ action: Plan.Action) {
        let stays = action == .delete && found.service.spec.deleteProtection
        self.init(nil, .service(found.service, stays ? Plan.Action.none : action))
        binding = found.binding.map { ($0, action) }
    }

    /// Everything that the environment is to have ordered, and what it had and has no more.
    static func list(
        of decision: Environment.Decision,
        _ call: Invocation
    ) async throws -> [OrderOutlook] {
        try await services(of: decision, call) + companions(of: decision, call)
    }

    private static func services(
        of decision: Environment.Decision,
        _ call: Invocation
    ) async throws -> [OrderOutlook] {
        let environment = decision.environment
        let provided = try await call.services.storage.services.provided(
            for: environment.name,
            of: environment.tenant
        )
        var list: [OrderOutlook] = []
        for (index, dependency) in environment.spec.dependencies.enumerated() {
            guard let wanted = dependency.order else { continue }
            let order = decision.orders.first { $0.index == index }
            let found = provided.first { $0.service.status.dependency == wanted.name }
            guard let service = order?.service?.service ?? found?.service else { continue }
            let action = order?.service.map { Plan.Action(isCreation: $0.isCreation) }
            var outlook = OrderOutlook(index, .service(service, action ?? Plan.Action.none))
            if let binding = order?.binding?.binding ?? found?.binding {
                let action = order?.binding.map { Plan.Action(isCreation: $0.isCreation) }
                outlook.binding = (binding, action ?? Plan.Action.none)
            }
            list.append(outlook)
        }
        // Only a roll-out takes away what is left out.
        guard decision.deployment != nil else { return list }
        let wanted = environment.spec.dependencies.compactMap(\.order?.name)
        for found in provided where found.service.status.phase != .deleting {
            guard let name = found.service.status.dependency, !wanted.contains(name) else {
                continue
            }
            list.append(OrderOutlook(found, .delete))
        }
        return list
    }

    private static func companions(
        of decision: Environment.Decision,
        _ call: Invocation
    ) async throws -> [OrderOutlook] {
        let environment = decision.environment
        let there = try await call.services.storage.environments.companions(of: environment)
        var list: [OrderOutlook] = []
        var wanted: Set<EnvironmentName> = []
        for (index, dependency) in environment.spec.dependencies.enumerated() {
            guard let companion = dependency.companion else { continue }
            let name = environment.name(of: companion)
            wanted.insert(name)
            if let order = decision.companions.first(where: { $0.index == index }) {
                let subject = Subject.companion(
                    order.decision.environment,
                    Plan.Action(isCreation: order.decision.isCreation),
                    from: order.model.flatMap { _ in order.decision.deployment?.origin },
                    orders: try await services(of: order.decision, call)
                )
                list.append(OrderOutlook(index, subject))
            } else if let found = there.first(where: { $0.name == name }) {
                list.append(OrderOutlook(index, try await whole(found, Plan.Action.none, call)))
            }
        }
        guard decision.deployment != nil else { return list }
        for found in there where !wanted.contains(found.name) {
            list.append(OrderOutlook(nil, try await whole(found, .delete, call)))
        }
        return list
    }

    /// A companion that stays or goes as it is, with everything that was ordered for it.
    private static func whole(
        _ companion: Environment,
        _ action: Plan.Action,
        _ call: Invocation
    ) async throws -> Subject {
        let provided = try await call.services.storage.services.provided(
            for: companion.name,
            of: companion.tenant
        )
        let orders = provided.filter { $0.service.status.phase != .deleting }
            .map { OrderOutlook($0, action) }
        return .companion(companion, action, from: nil, orders: orders)
    }
}

extension OrderOutlook {
    /// What a plan is decided on: what would become of each thing, by its kind and name.
    static func basis(of list: [OrderOutlook]) -> [String: String] {
        var basis: [String: String] = [:]
        for outlook in list {
            switch outlook.subject {
            case .service(let service, let action):
                let terms = service.terms
                var words = "\(action.rawValue): \(terms.offering) \(terms.version), \(terms.plan)"
                if let (_, action) = outlook.binding { words += "; binding: \(action.rawValue)" }
                basis["service \(service.name)"] = words
            case .companion(let environment, let action, let origin, let orders):
                var words = action.rawValue
                if case .promotion(let model, let deployment)? = origin {
                    words += ": as \(model), deployment \(deployment)"
                }
                basis["environment \(environment.name)"] = words
                basis.merge(Self.basis(of: orders)) { first, _ in first }
            }
        }
        return basis
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("pointer", orNull: index.map { "/spec/dependencies/\($0)" })
            switch subject {
            case .service(let service, let action):
                writer.key("service")
                Self.write(service, action, to: &writer)
                writer.key("binding")
                Self.write(binding, to: &writer)
            case .companion(let environment, let action, let origin, let orders):
                var model: EnvironmentName?
                if case .promotion(let name, _)? = origin { model = name }
                writer.key("environment")
                writer.object { writer in
                    writer.member("action", action.rawValue)
                    writer.member("name", environment.name.text)
                    writer.member("from", orNull: model?.text)
                    writer.key("spec")
                    environment.spec.write(to: &writer)
                    writer.key("orders")
                    writer.array(orders) { $1.write(to: &$0) }
                }
            }
        }
    }

    private static func write(
        _ service: ServiceInstance,
        _ action: Plan.Action,
        to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("action", action.rawValue)
            writer.member("name", service.name.text)
            writer.member("offering", service.terms.offering.text)
            writer.member("version", service.terms.version.description)
            writer.member("plan", service.terms.plan)
            writer.key("spec")
            service.spec.write(to: &writer)
        }
    }

    private static func write(
        _ found: (ServiceBinding, Plan.Action)?,
        to writer: inout JSONWriter
    ) {
        guard let (binding, action) = found else { return writer.null() }
        writer.object { writer in
            writer.member("action", action.rawValue)
            writer.member("name", binding.name.text)
            writer.member("secret", binding.secretName)
        }
    }
}

extension Plan.Action {
    fileprivate init(isCreation: Bool) { self = isCreation ? .create : .update }
}
