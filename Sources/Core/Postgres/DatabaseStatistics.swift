package import Telemetry

/// What a database's sessions count.
package struct DatabaseStatistics: Sendable {
    /// Sessions that can be used.
    package let sessionsOpen: Gauge
    /// Sessions that are being opened.
    package let sessionsOpening: Gauge
    /// Sessions that ended without our doing, and attempts to open one that failed.
    package let sessionsLost: Counter
    /// Reads and writes that wait to be sent.
    package let callsWaiting: Gauge
    /// Transactions that wait for a session.
    package let transactionsWaiting: Gauge
    /// Statements sent.
    package let statements: Counter
    /// Calls refused because too many waited.
    package let callsRefused: Counter
    /// Reads sent again after their session was lost.
    package let callsReplayed: Counter
    /// From handing in a call to its answer.
    package let callLatency: Histogram

    /// Registers the metrics, all named `slipway_database_…`.
    package init(_ registry: MetricsRegistry) {
        let prefix = "slipway_database"
        sessionsOpen = registry.gauge(
            "\(prefix)_sessions",
            help: "Sessions by state.",
            labels: ["state": "open"]
        )
        sessionsOpening = registry.gauge(
            "\(prefix)_sessions",
            help: "Sessions by state.",
            labels: ["state": "opening"]
        )
        sessionsLost = registry.counter(
            "\(prefix)_sessions_lost_total",
            help: "Sessions that were lost or not opened."
        )
        callsWaiting = registry.gauge(
            "\(prefix)_calls_waiting",
            help: "Reads and writes that wait to be sent."
        )
        transactionsWaiting = registry.gauge(
            "\(prefix)_transactions_waiting",
            help: "Transactions that wait for a session."
        )
        statements = registry.counter("\(prefix)_statements_total", help: "Statements sent.")
        callsRefused = registry.counter(
            "\(prefix)_calls_refused_total",
            help: "Calls refused because too many waited."
        )
        callsReplayed = registry.counter(
            "\(prefix)_calls_replayed_total",
            help: "Reads sent again after a loss."
        )
        callLatency = registry.histogram(
            "\(prefix)_call_seconds",
            help: "From handing in a call to its answer."
        )
    }
}
