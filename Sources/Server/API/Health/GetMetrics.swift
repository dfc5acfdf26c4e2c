import HTTP
import Telemetry

/// The figures of this process.
struct GetMetrics: Operation {
    static let endpoint = Endpoint(
        "getMetrics",
        .get,
        "/metrics",
        for: .everybody,
        [.unlimited]
    )

    init(reading inputs: Inputs) throws(Problem) {}

    func answer(_ call: Invocation) async throws -> Answer {
        .document(call.services.metrics.render(), contentType: MetricsRegistry.contentType)
    }
}
