import Domain
import HTTP
import JSON

/// Open Service Broker's `GET /v2/catalog`.
struct GetBrokerCatalog: Operation {
    static let endpoint = Endpoint(
        "getBrokerCatalog",
        .get,
        "/osb/v2/catalog",
        for: .permitted(.readOfferings),
        [.broker, .passwords]
    )

    private let identity: String?

    init(reading inputs: Inputs) throws(Problem) {
        identity = inputs.call.request.headers[.brokerRequestIdentity]
        try BrokerCall.checkVersion(inputs.call.request.headers)
    }

    func answer(_ call: Invocation) async throws -> Answer {
        var writer = JSONWriter(reserving: 16_384)
        try await BrokerCatalog(call).write(to: &writer)
        return Answer.json(.ok, writer.finish()).signed(identity)
    }
}
