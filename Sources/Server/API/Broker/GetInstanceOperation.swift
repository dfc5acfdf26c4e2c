import Domain
import HTTP
import Storage

/// Open Service Broker's `GET /v2/service_instances/{instance}/last_operation`.
struct GetInstanceOperation: Operation {
    static let endpoint = Endpoint(
        "getInstanceOperation",
        .get,
        "/osb/v2/service_instances/{instance}/last_operation",
        for: .permitted(.readServices),
        [.broker, .passwords]
    )

    private let broker: BrokerCall

    init(reading inputs: Inputs) throws(Problem) {
        broker = try BrokerCall(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let entry = try await broker.entry(call) else { throw Problem.notFound }
        guard let service = try await broker.service(entry, call)?.service() else {
            // Only after a removal that is a success.
            guard entry.operation == .deprovision else { throw Problem.notFound }
            return broker.done(.gone)
        }
        return broker.state(service.brokerState)
    }
}
