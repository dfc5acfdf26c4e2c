import Domain
import HTTP
import Storage

/// Open Service Broker's `DELETE …/service_bindings/{binding}`.
struct UnbindInstance: Operation {
    static let endpoint = Endpoint(
        "unbindInstance",
        .delete,
        "/osb/v2/service_instances/{instance}/service_bindings/{serviceBinding}",
        for: .permitted(.bindService),
        parameters: ["accepts_incomplete", "service_id", "plan_id"],
        [.broker, .passwords, .audited]
    )

    private let broker: BrokerCall

    init(reading inputs: Inputs) throws(Problem) {
        broker = try BrokerCall(reading: inputs, bindings: true)
        try inputs.requireBrokerIDs()
    }

    func answer(_ call: Invocation) async throws -> Answer {
        try broker.requireIncomplete()
        return try await call.retrying {
            let bindings = call.services.storage.bindings
            guard var entry = try await broker.entry(call),
                let stored = try await bindings.find(entry.subject.cast(), as: call.access)
            else { return broker.done(.gone) }
            let binding = try stored.binding()
            let reason = "\(call.callerName) asked for it."
            guard let decision = binding.revocation(because: reason, on: call.occasion) else {
                return broker.accepted(binding.status.job)
            }
            entry.operation = .unbind
            entry.originator = broker.originator
            entry.job = decision.job?.id
            _ = try await bindings.store(
                decision,
                replacing: stored.revision,
                noting: entry,
                for: call.circumstances
            )
            call.services.jobStored()
            return broker.accepted(decision.job?.id)
        }
    }
}
