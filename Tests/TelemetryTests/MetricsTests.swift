import Testing

@testable import Telemetry

struct MetricsTests {
    private func text(_ registry: MetricsRegistry) -> String {
        String(decoding: registry.render(), as: UTF8.self)
    }

    @Test func `metrics are rendered exactly in Prometheus' format`() {
        let registry = MetricsRegistry()
        let posted = registry.counter(
            "http_requests_total",
            help: "Requests.",
            labels: ["method": "POST", "path": "a\\b\"c\nd"]
        )
        posted.increment()
        posted.increment(by: 2)
        registry.counter("http_requests_total", help: "Requests.", labels: ["method": "GET"])
            .increment()
        registry.gauge("connections", help: "Open \\ now\nor not.").set(-3)
        registry.observe("ratio", help: "Shares.") {
            [.init(0.25, labels: ["state": "ready"]), .init(.nan, labels: ["state": "none"])]
        }
        #expect(
            text(registry) == """
                # HELP connections Open \\\\ now\\nor not.
                # TYPE connections gauge
                connections -3
                # HELP http_requests_total Requests.
                # TYPE http_requests_total counter
                http_requests_total{method="POST",path="a\\\\b\\"c\\nd"} 3
                http_requests_total{method="GET"} 1
                # HELP ratio Shares.
                # TYPE ratio gauge
                ratio{state="ready"} 0.25
                ratio{state="none"} NaN

                """
        )
    }

    @Test func `a histogram counts each value once and shows running sums`() {
        let registry = MetricsRegistry()
        let histogram = registry.histogram(
            "wait_seconds",
            help: "Waiting.",
            labels: ["queue": "jobs"],
            buckets: .init(bounds: [1_000_000, 2_500_000, 1_000_000_000], unitsPerShown: 1e9)
        )
        for value: UInt64 in [0, 1_000_000, 1_000_001, 2_500_000, 3_000_000_000] {
            histogram.observe(value)
        }
        histogram.observe(Duration.milliseconds(500))
        histogram.observe(Duration.seconds(-1))
        #expect(histogram.count == 7)
        #expect(
            text(registry) == """
                # HELP wait_seconds Waiting.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{queue="jobs",le="0.001"} 3
                wait_seconds_bucket{queue="jobs",le="0.0025"} 5
                wait_seconds_bucket{queue="jobs",le="1"} 6
                wait_seconds_bucket{queue="jobs",le="+Inf"} 7
                wait_seconds_sum{queue="jobs"} 3.504500001
                wait_seconds_count{queue="jobs"} 7

                """
        )
    }

    @Test func `latency buckets reach from 50 µs to 10 s`() {
        let bounds = Histogram.Buckets.latency.bounds
        #expect(bounds.first == 50_000)
        #expect(bounds.last == 10_000_000_000)
        #expect(bounds == bounds.sorted())
    }

    @Test func `asking twice for a series gives the same one`() {
        let registry = MetricsRegistry()
        let one = registry.counter("a_total", help: "A.", labels: ["x": "1"])
        #expect(one === registry.counter("a_total", help: "A.", labels: ["x": "1"]))
        #expect(one !== registry.counter("a_total", help: "A.", labels: ["x": "2"]))
    }

    @Test func `no increment is lost between threads`() async {
        let registry = MetricsRegistry()
        let counter = registry.counter("a_total", help: "A.")
        let gauge = registry.gauge("b", help: "B.")
        let histogram = registry.histogram("c_seconds", help: "C.")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10_000 {
                        counter.increment()
                        gauge.increment()
                        histogram.observe(1)
                        gauge.decrement()
                    }
                }
            }
        }
        #expect(counter.value == 40_000)
        #expect(gauge.value == 0)
        #expect(histogram.count == 40_000)
        #expect(histogram.sum == 40_000)
    }

    @Test func `a name or kind that cannot be is a programmer's error`() async {
        await #expect(processExitsWith: .failure) {
            _ = MetricsRegistry().counter("1bad", help: "Bad.")
        }
        await #expect(processExitsWith: .failure) {
            let registry = MetricsRegistry()
            _ = registry.counter("a", help: "A.")
            _ = registry.gauge("a", help: "A.")
        }
        #expect(
            MetricName.isMetric("a:b_1") && !MetricName.isMetric("") && !MetricName.isMetric("a-b")
        )
        #expect(MetricName.isLabel("le") && !MetricName.isLabel("__name__"))
        #expect(!MetricName.isLabel("a:b"))
    }

    @Test func `the process' own figures are there`() throws {
        let registry = MetricsRegistry()
        registry.registerProcessMetrics()
        let lines = text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") }
        let names = [
            "process_cpu_seconds_total", "process_max_fds", "process_open_fds",
            "process_resident_memory_bytes", "process_start_time_seconds", "process_threads",
            "process_virtual_memory_bytes",
        ]
        #expect(lines.map { $0.prefix { $0 != " " } } == names.map { $0[...] })
        for line in lines {
            let value = try #require(line.split(separator: " ").last.flatMap { Double($0) })
            #expect(value > 0, "\(line)")
        }
    }
}
