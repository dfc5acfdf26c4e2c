import HTTP
import Logging
import Sandbox
import Synchronization
import Telemetry

/// What the log and the metrics say of requests to the sandbox's clusters.
///
/// Headers and queries are never written down: a token may stand there.
final class SandboxRequests: Sendable {
    private struct Series: Hashable {
        let verb: String
        let status: Int
    }

    private let metrics: MetricsRegistry
    private let log: LogSink?
    private let counters = Mutex<[Series: (Counter, Histogram)]>([:])

    init(_ metrics: MetricsRegistry, log: LogSink?) {
        self.metrics = metrics
        self.log = log
    }

    /// Counts one finished exchange, and writes a line about it.
    func ended(_ exchange: Exchange, with request: Request, to cluster: Substring, at path: String)
    {
        let purpose = SandboxRequest.purpose(
            method: request.method.name,
            path: path,
            query: request.query
        )
        let (count, time) = series(Series(verb: purpose.verb, status: exchange.status.code))
        count.increment()
        time.observe(exchange.duration)
        log?.write(.info, "sandbox request") { line in
            line.field("method", request.method.name)
            line.field("verb", purpose.verb)
            line.field("resource", ifPresent: purpose.resource)
            line.field("cluster", String(cluster))
            line.field("status", exchange.status.code)
            line.field("duration_us", exchange.duration)
            line.field("peer", exchange.peer)
        }
    }

    /// The metrics of a verb and status, made when they are first needed.
    private func series(_ series: Series) -> (Counter, Histogram) {
        counters.withLock { counters in
            if let known = counters[series] { return known }
            let count = metrics.counter(
                "slipway_sandbox_requests_total",
                help: "Requests that the sandbox's clusters answered.",
                labels: MetricLabels([("verb", series.verb), ("status", String(series.status))])
            )
            let time = metrics.histogram(
                "slipway_sandbox_request_duration_seconds",
                help: "From the head of a request to the end of its answer; watches are long.",
                labels: MetricLabels([("verb", series.verb)])
            )
            counters[series] = (count, time)
            return (count, time)
        }
    }
}
