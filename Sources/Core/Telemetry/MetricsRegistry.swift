internal import Synchronization

/// Every metric of the process, and their text for Prometheus.
///
/// Registering takes a lock and is meant for start-up or the first use of a series; counting
/// takes none.
package final class MetricsRegistry: Sendable {
    /// What a metric that is asked for its value means.
    package enum ObservedKind: Sendable {
        /// It only grows.
        case counter
        /// It goes up and down.
        case gauge
    }

    /// One value of a metric that is asked for its value.
    package struct Sample: Sendable, Equatable {
        /// Its labels.
        package let labels: MetricLabels
        /// Its value, in the base unit that the metric's name says.
        package let value: Double

        /// A sample of one series.
        package init(_ value: Double, labels: MetricLabels = .none) {
            self.labels = labels
            self.value = value
        }
    }

    private let families = Mutex<[MetricFamily]>([])

    /// A registry without metrics.
    package init() {}

    /// The counter of this name and these labels, registered now unless it was before.
    ///
    /// By convention its name ends in `_total`.
    package func counter(_ name: String, help: String, labels: MetricLabels = .none) -> Counter {
        let series = series(name, help: help, kind: .counter, labels) { .counter(Counter()) }
        guard case .counter(let counter) = series else { Self.refuse(name) }
        return counter
    }

    /// The gauge of this name and these labels, registered now unless it was before.
    package func gauge(_ name: String, help: String, labels: MetricLabels = .none) -> Gauge {
        let series = series(name, help: help, kind: .gauge, labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = series else { Self.refuse(name) }
        return gauge
    }

    /// The histogram of this name and these labels, registered now unless it was before.
    package func histogram(
        _ name: String,
        help: String,
        labels: MetricLabels = .none,
        buckets: Histogram.Buckets = .latency
    ) -> Histogram {
        let series = series(name, help: help, kind: .histogram, labels) {
            .histogram(Histogram(buckets: buckets))
        }
        guard case .histogram(let histogram) = series else { Self.refuse(name) }
        return histogram
    }

    /// Registers a metric whose samples are asked for at each rendering, on the thread that
    /// renders; `read` must not block.
    package func observe(
        _ name: String,
        help: String,
        as kind: ObservedKind = .gauge,
        _ read: @escaping @Sendable () -> [Sample]
    ) {
        let shownKind = kind == .counter ? MetricFamily.Kind.counter : .gauge
        _ = series(name, help: help, kind: shownKind, .none) { .observed(read) }
    }

    private static func refuse(_ name: String) -> Never {
        preconditionFailure("the metric \(name) is registered as another kind")
    }

    private func series(
        _ name: String,
        help: String,
        kind: MetricFamily.Kind,
        _ labels: MetricLabels,
        _ make: @Sendable () -> MetricFamily.Value
    ) -> MetricFamily.Value {
        precondition(MetricName.isMetric(name), "\(name) is no name of a metric")
        return families.withLock { families in
            guard let place = families.firstIndex(where: { $0.name == name }) else {
                let value = make()
                families.append(
                    MetricFamily(name: name, help: help, kind: kind, first: (labels, value))
                )
                return value
            }
            precondition(families[place].kind == kind, "\(name) is registered as another kind")
            return families[place].value(for: labels, make)
        }
    }

    /// All metrics in the text format 0.0.4 of Prometheus, sorted by name.
    package func render() -> [UInt8] {
        let families = families.withLock { $0 }.sorted { $0.name < $1.name }
        var text = PrometheusText()
        for family in families { text.append(family) }
        return text.bytes
    }
}

/// The series of one metric's name.
struct MetricFamily: Sendable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    enum Value: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
        case observed(@Sendable () -> [MetricsRegistry.Sample])
    }

    let name: String
    let help: String
    let kind: Kind
    private(set) var series: [(labels: MetricLabels, value: Value)]
    private var places: [MetricLabels: Int]

    init(name: String, help: String, kind: Kind, first: (MetricLabels, Value)) {
        self.name = name
        self.help = help
        self.kind = kind
        series = [first]
        places = [first.0: 0]
    }

    mutating func value(for labels: MetricLabels, _ make: () -> Value) -> Value {
        if let place = places[labels] { return series[place].value }
        let value = make()
        places[labels] = series.count
        series.append((labels, value))
        return value
    }
}
