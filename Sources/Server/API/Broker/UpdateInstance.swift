import Domain
import HTTP
import JSON
import Storage

/// Open Service Broker's `PATCH /v2/service_instances/{instance}`: another plan, other parameters,
/// or a newer version.
struct UpdateInstance: Operation {
    static let endpoint = Endpoint(
        "updateInstance",
        .patch,
        "/osb/v2/service_instances/{instance}",
        for: .permitted(.updateService),
        parameters: ["accepts_incomplete"],
        body: .json,
        [.broker, .passwords, .audited]
    )

    private let broker: BrokerCall
    private let order: BrokerOrder

    init(reading inputs: Inputs) throws(Problem) {
        broker = try BrokerCall(reading: inputs)
        order = try BrokerOrder(inputs.body, needsPlan: false, needsPlace: false)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try broker.requireIncomplete()
        return try await call.retrying {
            guard let entry = try await broker.entry(call),
                let stored = try await broker.service(entry, call)
            else { throw Problem.notFound }
            return try await update(entry, stored, call)
        }
    }

    private func update(
        _ entry: BrokerEntry,
        _ stored: StoredService,
        _ call: Invocation
    ) async throws -> Answer {
        let service = try stored.service()
        let isUnderWay = service.brokerState.isUnderWay
        guard !isUnderWay || entry.operation == .update else { throw Problem.operationInProgress }
        let (release, plan) = try order.choice(in: try await BrokerCatalog(call))
        guard release.offering.name == service.spec.offering else {
            throw Problem(.malformedRequest, "The instance is of another `service_id`.")
        }
        var wish = service.order
        if order.plan != nil { wish.plan = plan.name }
        // What is left out stays.
        for member in order.parameters ?? JSONObject() {
            wish.parameters[member.key] = member.value.isNull ? nil : member.value
        }
        if order.maintenance != nil { wish.version = release.offering.version }
        guard let step = try await service.ordered(labels: service.labels, wish, call) else {
            // The same call again, while what it asked for is under way.
            return isUnderWay ? broker.accepted(service.status.job) : broker.done()
        }
        guard !isUnderWay else { throw Problem.operationInProgress }
        var next = entry
        next.operation = .update
        next.originator = broker.originator
        next.job = step.decision.job?.id
        _ = try await call.services.storage.services.store(
            step.decision,
            permission: .updateService,
            replacing: stored.revision,
            noting: next,
            for: call.circumstances
        )
        guard let job = step.decision.job else { return broker.done() }
        call.services.jobStored()
        return broker.accepted(job.id)
    }
}
