package import JSON

/// An instance of an offering that is ordered for one environment, with a binding for it, and goes
/// with it.
package struct OrderedService: Sendable, Hashable {
    /// The binding by which the environment gets its credential.
    package static let binding = BindingName("env")

    /// The offering.
    package var offering: OfferingName
    /// The version of the offering; nil for that of the tenant's blueprint version, and for the one
    /// that the service has where it is there.
    package var version: SemanticVersion?
    /// The plan; nil for the offering's first, and for the one that the service has.
    package var plan: String?
    /// What the plan leaves open.
    package var parameters: JSONObject
    /// What the environment's binding is asked for.
    package var bindingParameters: JSONObject
    /// What the template knows it by; nil for the name of the offering.
    package var alias: ServiceName?

    /// That plan of that offering.
    package init(
        offering: OfferingName,
        version: SemanticVersion? = nil,
        plan: String? = nil,
        parameters: JSONObject = JSONObject(),
        bindingParameters: JSONObject = JSONObject(),
        alias: ServiceName? = nil
    ) {
        self.offering = offering
        self.version = version
        self.plan = plan
        self.parameters = parameters
        self.bindingParameters = bindingParameters
        self.alias = alias
    }

    /// What the template knows it by.
    package var name: ServiceName { alias ?? offering.cast() }
}

/// What was ordered for an environment, as it is now.
package struct ProvidedService: Sendable, Equatable {
    /// The service.
    package var service: ServiceInstance
    /// The environment's binding; nil where the offering has none.
    package var binding: ServiceBinding?

    /// That service, bound so.
    package init(service: ServiceInstance, binding: ServiceBinding?) {
        self.service = service
        self.binding = binding
    }
}

/// What is stored, together with an environment, of one thing that it orders.
package struct DependencyOrder: Sendable, Equatable {
    /// Which of the environment's dependencies it is.
    package var index: Int
    /// The offering.
    package var offering: OfferingName
    /// The service, new or changed; nil where it stays as it is.
    package var service: ServiceInstance.Decision?
    /// The environment's binding, new or changed; nil where it stays as it is.
    package var binding: ServiceBinding.Decision?

    /// Those decisions about that dependency.
    package init(
        index: Int,
        offering: OfferingName,
        service: ServiceInstance.Decision?,
        binding: ServiceBinding.Decision?
    ) {
        self.index = index
        self.offering = offering
        self.service = service
        self.binding = binding
    }
}

extension OrderedService {
    /// How what was ordered stands; nil for what nobody has ordered.
    package func standing(of found: ProvidedService?) -> DependencyStanding {
        guard let found, found.service.status.phase != .deleting else {
            return .gone("the service of its dependency \(name) is gone, or goes")
        }
        let service = found.service
        let status = service.status
        guard status.coming == nil else {
            return .awaited(
                on: "service \(service.name) to be delivered" + Self.reason(status.waiting),
                releasedBy: status.waiting?.releasedBy ?? "the service's own job"
            )
        }
        guard status.leftover == nil, status.live != nil else {
            let why = status.conditions.first { $0.type == ServiceInstance.delivered }?.message
            return .gone("service \(service.name) could not be delivered: \(why ?? "it failed")")
        }
        guard status.phase != .degraded else {
            return .awaited(
                on: "service \(service.name) to be ready again" + Self.reason(status.waiting),
                releasedBy: "whoever mends service \(service.name)"
            )
        }
        return standing(of: service, boundBy: found.binding)
    }

    private func standing(
        of service: ServiceInstance,
        boundBy binding: ServiceBinding?
    ) -> DependencyStanding {
        let found = ProvidedService(service: service, binding: binding)
        guard let binding else { return .ready(TakenDependency(name, of: found)) }
        if binding.status.phase != .revoking,
            binding.status.current?.parameters == binding.spec.parameters
        {
            return .ready(TakenDependency(name, of: found))
        }
        let status = binding.status
        switch status.phase {
        case .revoking: return .gone("the binding \(binding.name) of \(service.name) is revoked")
        case .failed:
            let why = status.conditions.first { $0.type == ServiceBinding.issued }?.message
            return .gone("service \(service.name) gave no credential: \(why ?? "it failed")")
        case .pending, .issuing, .ready, .rotating:
            return .awaited(
                on: "the credential of service \(service.name)" + Self.reason(status.waiting),
                releasedBy: status.waiting?.releasedBy ?? "the binding's own job"
            )
        }
    }

    private static func reason(_ wait: ClusterWait?) -> String {
        wait.map { ", which waits for \($0.on)" } ?? ""
    }
}

extension TakenDependency {
    /// What a service of the environment's own says of itself now.
    package init(_ name: ServiceName, of provided: ProvidedService) {
        var outputs: [String: String] = [:]
        for member in provided.service.status.outputs {
            outputs[member.key] = member.value.string ?? member.value.text
        }
        self.init(
            name: name,
            of: .service(provided.service.name, secret: provided.binding?.secretName),
            outputs: outputs
        )
    }
}

extension OrderedService {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("offering")
            writer.object { writer in
                writer.member("name", offering.text)
                writer.member("version", orNull: version?.description)
            }
            writer.member("plan", orNull: plan)
            writer.member("parameters", .object(parameters))
            writer.key("binding")
            writer.object { $0.member("parameters", .object(bindingParameters)) }
            writer.member("name", orNull: alias?.text)
        }
    }

    init?(reading document: JSON) {
        guard let offering = document["offering"]?["name"].flatMap(OfferingName.init(stored:))
        else { return nil }
        self.init(
            offering: offering,
            version: (document["offering"]?["version"]?.string).flatMap { SemanticVersion($0) },
            plan: document["plan"]?.string,
            parameters: document["parameters"]?.object ?? JSONObject(),
            bindingParameters: document["binding"]?["parameters"]?.object ?? JSONObject(),
            alias: document["name"].flatMap(ServiceName.init(stored:))
        )
    }
}
