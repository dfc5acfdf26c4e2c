import Domain
import HTTP
import JSON
import Storage

/// Open Service Broker's `GET …/service_bindings/{binding}`: the credential, read in the cluster
/// now.
struct GetInstanceBinding: Operation {
    static let endpoint = Endpoint(
        "getInstanceBinding",
        .get,
        "/osb/v2/service_instances/{instance}/service_bindings/{serviceBinding}",
        for: .permitted(.bindService),
        [.broker, .passwords, .audited]
    )

    private let broker: BrokerCall

    init(reading inputs: Inputs) throws(Problem) {
        broker = try BrokerCall(reading: inputs, bindings: true)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        let bindings = call.services.storage.bindings
        guard let entry = try await broker.entry(call),
            let stored = try await bindings.find(entry.subject.cast(), as: call.access),
            case let binding = try stored.binding(), binding.status.phase != .revoking,
            binding.status.current != nil
        else { throw Problem.notFound }
        return try await broker.credential(of: stored, entry, call)
    }
}

extension BrokerCall {
    /// The credential that a binding has now, read in the cluster.
    func credential(
        of stored: StoredBinding,
        _ entry: BrokerEntry,
        _ call: Invocation
    ) async throws -> Answer {
        let bindings = call.services.storage.bindings
        let binding = try stored.binding()
        let values = try await call.services.ordering.credentials(binding)
        if let decision = binding.showing(on: call.occasion) {
            _ = try await bindings.store(
                decision,
                replacing: stored.revision,
                noting: entry,
                for: call.circumstances
            )
        }
        var writer = JSONWriter(reserving: 512)
        writer.object { writer in
            writer.key("credentials")
            writer.object { writer in
                for (key, value) in values {
                    writer.key(named: key)
                    writer.string(value)
                }
            }
            writer.member("parameters", .object(binding.spec.parameters))
            writer.key("metadata")
            writer.object { writer in
                guard let renews = binding.status.rotatesAt else { return }
                writer.member("renew_before", renews.description)
                let overlap = binding.status.current?.rotation?.overlap ?? .zero
                writer.member("expires_at", renews.advanced(by: overlap).description)
            }
        }
        var answer = sign(.json(.ok, writer.finish()))
        answer.isSecret = true
        return answer
    }
}
