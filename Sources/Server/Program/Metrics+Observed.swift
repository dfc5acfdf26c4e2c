import Clusters
import Domain
import EventLoop
import HTTP
import Telemetry

extension MetricsRegistry {
    /// Shows what the loops count about themselves.
    func observe(_ group: EventLoopGroup) {
        observe(
            "slipway_loop_lag_seconds",
            help: "The longest that something ready waited for its loop since the last scrape.",
            as: .gauge
        ) {
            group.loops.map { loop in
                Sample(loop.statistics.takeWorstLag().seconds, labels: loop.labels)
            }
        }
        observe(
            "slipway_loop_busy_seconds_total",
            help: "Time that a loop spent running handlers and tasks.",
            as: .counter
        ) {
            group.loops.map { Sample($0.statistics.busy.seconds, labels: $0.labels) }
        }
        observe("slipway_loop_ticks_total", help: "Turns of a loop.", as: .counter) {
            group.loops.map { Sample(Double($0.statistics.ticks), labels: $0.labels) }
        }
    }

    /// Shows what is watched of clusters.
    func observe(_ observer: FleetObserver) {
        observe(
            "slipway_kubernetes_watches",
            help: "Kinds of Kubernetes objects that this process watches, over all management "
                + "clusters.",
            as: .gauge
        ) { [Sample(Double(observer.watchCount))] }
        observe(
            "slipway_kubernetes_objects",
            help: "Kubernetes objects that this process holds to tell how clusters do.",
            as: .gauge
        ) { [Sample(Double(observer.objectCount))] }
    }

    /// Counts what is seen of things of a kind between their jobs.
    func looks(at kind: String) -> @Sendable (EnvironmentObservation) -> Void {
        let counters = ["ready", "lacking", "unseen"].map { outcome in
            counter(
                "slipway_looks_total",
                help: "Looks at environments and services between their jobs, by what was seen.",
                labels: ["kind": "\(kind)", "outcome": "\(outcome)"]
            )
        }
        return { seen in
            switch seen.isReady {
            case true?: counters[0].increment()
            case false?: counters[1].increment()
            case nil: counters[2].increment()
            }
        }
    }

    /// Shows what the HTTP server counts.
    func observe(_ server: Server) {
        let figures: [(String, ObservedKind, String, @Sendable (ServerStatistics) -> Int)] = [
            (
                "slipway_http_connections", .gauge, "Open HTTP connections.",
                { $0.connectionsOpen }
            ),
            (
                "slipway_http_connections_accepted_total", .counter,
                "HTTP connections accepted.", { $0.connectionsAccepted }
            ),
            (
                "slipway_http_connections_refused_total", .counter,
                "HTTP connections closed at once because there were too many.",
                { $0.connectionsRefused }
            ),
            (
                "slipway_http_received_bytes_total", .counter, "Bytes received over HTTP.",
                { $0.bytesReceived }
            ),
            (
                "slipway_http_sent_bytes_total", .counter, "Bytes sent over HTTP.",
                { $0.bytesSent }
            ),
        ]
        for (name, kind, help, figure) in figures {
            observe(name, help: help, as: kind) { [Sample(Double(figure(server.statistics)))] }
        }
    }
}

extension EventLoop {
    fileprivate var labels: MetricLabels { ["loop": "\(index)"] }
}

extension Duration {
    fileprivate var seconds: Double { Double(nanoseconds) / 1e9 }
}
