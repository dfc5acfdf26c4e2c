import Domain
import HTTP
import JSON
import Storage

/// Open Service Broker's `PUT /v2/service_instances/{instance}`: an order.
struct ProvisionInstance: Operation {
    static let endpoint = Endpoint(
        "provisionInstance",
        .put,
        "/osb/v2/service_instances/{instance}",
        for: .permitted(.createService),
        parameters: ["accepts_incomplete"],
        body: .json,
        [.broker, .passwords, .audited]
    )

    private let broker: BrokerCall
    private let order: BrokerOrder

    init(reading inputs: Inputs) throws(Problem) {
        broker = try BrokerCall(reading: inputs)
        order = try BrokerOrder(inputs.body, needsPlan: true, needsPlace: true)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try broker.requireIncomplete()
        do {
            return try await answerOnce(call)
        } catch StorageFault.nameTaken {
            // The same call came first, a moment ago.
            return try await answerOnce(call)
        }
    }

    private func answerOnce(_ call: Invocation) async throws -> Answer {
        let storage = call.services.storage
        if let entry = try await storage.broker.find(instance: broker.instance) {
            return try await repeated(entry, call)
        }
        let (release, plan) = try order.choice(in: try await BrokerCatalog(call))
        let tenant = try await owner(call)
        guard release.blueprint == tenant.spec.blueprint.name else {
            throw Problem(
                .invalidInput,
                "The offering is of the blueprint \(release.blueprint), and the tenant of "
                    + "\(tenant.spec.blueprint.name). Order one of those of its own."
            )
        }
        let name = try await name(in: tenant, release.offering, call)
        let wish = ServiceOrder(
            offering: release.offering.name,
            version: release.offering.version,
            plan: plan.name,
            parameters: order.parameters ?? JSONObject()
        )
        let decision = try await ServiceCreation(
            tenant: tenant.name,
            name: name,
            wish: ServiceInput(labels: Labels(), order: wish)
        ).decided(call)
        let entry = BrokerEntry(
            instance: broker.instance,
            tenant: tenant.id,
            subject: decision.service.id.cast(),
            request: order.request,
            originator: broker.originator,
            operation: .provision,
            job: decision.job?.id
        )
        _ = try await storage.services.create(decision, noting: entry, for: call.circumstances)
        call.services.jobStored()
        return broker.accepted(decision.job?.id)
    }

    /// The same id again: the same order is answered as it stands, another one is refused.
    private func repeated(_ entry: BrokerEntry, _ call: Invocation) async throws -> Answer {
        guard call.access.tenant ?? entry.tenant == entry.tenant, entry.request == order.request,
            let service = try await broker.service(entry, call)?.service(),
            service.status.phase != .deleting
        else {
            throw Problem(
                .instanceConflict,
                "The id is used for another order, or was; an id is never used again."
            )
        }
        switch service.brokerState {
        case .succeeded: return broker.done()
        case .inProgress: return broker.accepted(service.status.job)
        case .failed(let why):
            throw Problem(.stateConflict, why ?? "The order has failed. Delete it, with this id.")
        }
    }

    /// The tenant of the token; a token of the platform names it in the context.
    private func owner(_ call: Invocation) async throws -> Tenant {
        let tenants = call.services.storage.tenants
        if let id = call.access.tenant {
            guard let found = try await tenants.find(id, as: call.access) else {
                throw Problem.notFound
            }
            return try found.tenant()
        }
        let named = order.context["slipway_tenant"]?.string
        // What is no name names nobody.
        guard let name = named.flatMap({ try? TenantName(parsing: $0) }),
            let found = try await tenants.find(name, as: call.access)
        else {
            throw Problem(
                .malformedRequest,
                "The token is no tenant's; name the tenant in `context.slipway_tenant`."
            )
        }
        return try found.tenant()
    }

    /// The name that people gave it on the platform where it can be had, else one made of the id.
    private func name(
        in tenant: Tenant,
        _ offering: Offering,
        _ call: Invocation
    ) async throws -> ServiceInstanceName {
        let made = try ServiceInstanceName(parsing: "i-\(ShortHash.hex(of: broker.instance))")
        guard let given = order.context["instance_name"]?.string,
            given.utf8.count <= Swift.min(offering.nameMax, Offering.nameMaxUsual),
            given.utf8.first.map({ (0x61...0x7A).contains($0) }) ?? false,
            // What is no name here is one there.
            let name = try? ServiceInstanceName(parsing: given),
            try await ServiceTarget(tenant: tenant.name, name: name).find(call) == nil
        else { return made }
        return name
    }
}
