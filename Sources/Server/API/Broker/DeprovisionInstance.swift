import Domain
import HTTP
import Storage

/// Open Service Broker's `DELETE /v2/service_instances/{instance}`, also while it is being made and
/// after it has failed.
struct DeprovisionInstance: Operation {
    static let endpoint = Endpoint(
        "deprovisionInstance",
        .delete,
        "/osb/v2/service_instances/{instance}",
        for: .permitted(.deleteService),
        parameters: ["accepts_incomplete", "service_id", "plan_id"],
        [.broker, .passwords, .audited]
    )

    private let broker: BrokerCall

    init(reading inputs: Inputs) throws(Problem) {
        broker = try BrokerCall(reading: inputs)
        try inputs.requireBrokerIDs()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try broker.requireIncomplete()
        return try await call.retrying {
            guard var entry = try await broker.entry(call),
                let stored = try await broker.service(entry, call)
            else { return broker.done(.gone) }
            let service = try stored.service()
            let decision = try service.deletion(
                by: call.callerName,
                waits: false,
                on: call.occasion
            )
            guard let decision else { return broker.accepted(service.status.job) }
            entry.operation = .deprovision
            entry.originator = broker.originator
            entry.job = decision.job?.id
            _ = try await call.services.storage.services.store(
                decision,
                permission: .deleteService,
                replacing: stored.revision,
                noting: entry,
                for: call.circumstances
            )
            call.services.jobStored()
            return broker.accepted(decision.job?.id)
        }
    }
}

extension Inputs {
    /// The two ids that the specification asks for with every removal.
    func requireBrokerIDs() throws(Problem) {
        for name in ["service_id", "plan_id"] where (call.query[name] ?? "").isEmpty {
            throw Problem(.malformedRequest, "`\(name)` is needed in the query.")
        }
    }
}
