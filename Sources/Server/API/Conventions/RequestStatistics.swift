import HTTP
import Synchronization
import Telemetry

/// Counts requests by route, method and status, and how long they took.
final class RequestStatistics: Sendable {
    /// Statuses are counted in hundreds of slots below this; no other is ever sent.
    private static let statusMax = 600

    private struct Route: Sendable {
        let labels: [(name: String, value: String)]
        let latency: Histogram
    }

    private let metrics: MetricsRegistry
    private let routes: [Route]
    private let counters: Mutex<[Int: Counter]>

    init(_ metrics: MetricsRegistry, endpoints: [Endpoint]) {
        self.metrics = metrics
        let labels = endpoints.map { [("route", $0.path), ("method", $0.method.name)] }
        routes = (labels + [[("route", "none"), ("method", "any")]]).map { labels in
            Route(
                labels: labels,
                latency: metrics.histogram(
                    "slipway_http_request_duration_seconds",
                    help: "From the head of a request to the end of its answer.",
                    labels: MetricLabels(labels),
                    buckets: .latency
                )
            )
        }
        counters = Mutex([:])
    }

    /// Counts one finished exchange.
    func count(_ exchange: Exchange) {
        let known = routes.indices.dropLast().contains(exchange.tag)
        let place = known ? exchange.tag : routes.count - 1
        routes[place].latency.observe(exchange.duration)
        counter(place, exchange.status.code).increment()
    }

    /// The counter of a route and status, made when it is first needed.
    private func counter(_ place: Int, _ status: Int) -> Counter {
        counters.withLock { counters in
            let key = place * Self.statusMax + status
            if let counter = counters[key] { return counter }
            let labels = routes[place].labels + [("status", String(status))]
            let counter = metrics.counter(
                "slipway_http_requests_total",
                help: "Requests that were answered.",
                labels: MetricLabels(labels)
            )
            counters[key] = counter
            return counter
        }
    }
}
