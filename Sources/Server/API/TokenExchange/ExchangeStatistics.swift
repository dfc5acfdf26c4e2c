import Telemetry

/// Counts exchanges by what came of them.
struct ExchangeStatistics: Sendable {
    let issued: Counter
    let refused: Counter
    let unavailable: Counter

    init(_ metrics: MetricsRegistry) {
        func counter(_ result: String) -> Counter {
            metrics.counter(
                "slipway_token_exchanges_total",
                help: "Tokens of pipelines that were asked for, by what came of it",
                labels: ["result": result]
            )
        }
        issued = counter("issued")
        refused = counter("refused")
        unavailable = counter("unavailable")
    }
}
