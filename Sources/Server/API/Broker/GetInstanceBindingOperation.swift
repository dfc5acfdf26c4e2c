import Domain
import HTTP
import Storage

/// Open Service Broker's `GET …/service_bindings/{binding}/last_operation`.
struct GetInstanceBindingOperation: Operation {
    static let endpoint = Endpoint(
        "getInstanceBindingOperation",
        .get,
        "/osb/v2/service_instances/{instance}/service_bindings/{serviceBinding}/last_operation",
        for: .permitted(.readServices),
        [.broker, .passwords]
    )

    private let broker: BrokerCall

    init(reading inputs: Inputs) throws(Problem) {
        broker = try BrokerCall(reading: inputs, bindings: true)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let entry = try await broker.entry(call) else { throw Problem.notFound }
        let bindings = call.services.storage.bindings
        guard let found = try await bindings.find(entry.subject.cast(), as: call.access) else {
            // Only after a removal that is a success.
            guard entry.operation == .unbind else { throw Problem.notFound }
            return broker.done(.gone)
        }
        return broker.state(try found.binding().brokerState)
    }
}
