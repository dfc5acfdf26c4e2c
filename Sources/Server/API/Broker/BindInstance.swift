import Domain
import HTTP
import JSON
import Secrets
import Storage

/// Open Service Broker's `PUT …/service_bindings/{binding}`: a credential that is fetched later.
struct BindInstance: Operation {
    static let endpoint = Endpoint(
        "bindInstance",
        .put,
        "/osb/v2/service_instances/{instance}/service_bindings/{serviceBinding}",
        for: .permitted(.bindService),
        parameters: ["accepts_incomplete"],
        body: .json,
        [.broker, .passwords, .audited]
    )

    private let broker: BrokerCall
    private let order: BrokerOrder

    init(reading inputs: Inputs) throws(Problem) {
        broker = try BrokerCall(reading: inputs, bindings: true)
        order = try BrokerOrder(inputs.body, needsPlan: true, needsPlace: false)
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
        guard let owner = try await broker.entry(call, binding: ""),
            let service = try await broker.service(owner, call)?.service(),
            service.status.phase != .deleting
        else { throw Problem.notFound }
        if let entry = try await broker.entry(call) { return try await repeated(entry, call) }
        guard !service.brokerState.isUnderWay else { throw Problem.operationInProgress }
        let target = BindingTarget(
            service: ServiceTarget(tenant: service.tenantName, name: service.name),
            name: try BindingName(parsing: "b-\(ShortHash.hex(of: broker.binding))")
        )
        let spec = BindingSpec(parameters: try await parameters(call), delivery: .answer)
        let decision = try await BindingCreation(
            target: target,
            wish: BindingInput(labels: Labels(), spec: spec)
        ).decided(call)
        let entry = BrokerEntry(
            instance: broker.instance,
            binding: broker.binding,
            tenant: service.tenant,
            subject: decision.binding.id.cast(),
            request: order.request,
            originator: broker.originator,
            operation: .bind,
            job: decision.job?.id
        )
        let storage = call.services.storage
        _ = try await storage.bindings.create(decision, noting: entry, for: call.circumstances)
        call.services.jobStored()
        return broker.accepted(decision.job?.id)
    }

    /// Those that are sent; a rotation has those of the binding that it takes over from.
    private func parameters(_ call: Invocation) async throws -> JSONObject {
        guard let predecessor = order.predecessor else { return order.parameters ?? JSONObject() }
        guard let entry = try await broker.entry(call, binding: predecessor),
            let found = try await call.services.storage.bindings.find(
                entry.subject.cast(),
                as: call.access
            )
        else {
            throw Problem(.malformedRequest, "There is no binding `predecessor_binding_id`.")
        }
        return try found.binding().spec.parameters
    }

    private func repeated(_ entry: BrokerEntry, _ call: Invocation) async throws -> Answer {
        let bindings = call.services.storage.bindings
        guard entry.request == order.request,
            let stored = try await bindings.find(entry.subject.cast(), as: call.access),
            case let binding = try stored.binding(), binding.status.phase != .revoking
        else {
            throw Problem(
                .instanceConflict,
                "The id is used for another binding, or was; an id is never used again."
            )
        }
        switch binding.brokerState {
        case .inProgress: return broker.accepted(binding.status.job)
        // Whoever missed the first answer does not ask with GET for what it takes as made at once.
        case .succeeded: return try await broker.credential(of: stored, entry, call)
        case .failed(let why):
            throw Problem(.stateConflict, why ?? "The binding has failed. Delete it, with this id.")
        }
    }
}
