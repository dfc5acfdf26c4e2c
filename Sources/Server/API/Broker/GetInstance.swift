import Domain
import HTTP
import JSON
import Storage

/// Open Service Broker's `GET /v2/service_instances/{instance}`.
struct GetInstance: Operation {
    static let endpoint = Endpoint(
        "getInstance",
        .get,
        "/osb/v2/service_instances/{instance}",
        for: .permitted(.readServices),
        [.broker, .passwords]
    )

    private let broker: BrokerCall

    init(reading inputs: Inputs) throws(Problem) {
        broker = try BrokerCall(reading: inputs)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        guard let entry = try await broker.entry(call),
            let service = try await broker.service(entry, call)?.service(),
            service.status.live != nil, service.status.phase != .deleting
        else { throw Problem.notFound }
        guard !service.brokerState.isUnderWay else { throw Problem.operationInProgress }
        let range = try await call.offerings(of: service.terms.blueprint)
        let release = range.release(of: service.spec.offering, nil)
        var writer = JSONWriter(reserving: 512)
        writer.object { writer in
            if let release {
                writer.member("service_id", release.brokerID)
                let plan = release.offering.plan(service.spec.plan)
                writer.member("plan_id", ifPresent: plan.map(release.brokerID(of:)))
            }
            writer.member("parameters", .object(service.spec.parameters))
            writer.key("maintenance_info")
            writer.object { $0.member("version", service.spec.version.description) }
            writer.key("metadata")
            writer.object { writer in
                writer.key("attributes")
                writer.object { writer in
                    writer.member("tenant", service.tenantName.text)
                    writer.member("service", service.name.text)
                }
            }
        }
        return broker.sign(.json(.ok, writer.finish()))
    }
}
