import Contract
import Domain
import Storage
import Synchronization
package import Telemetry

/// What the engine counts.
package final class JobMetrics: Sendable {
    /// Jobs claimed by this process.
    let claimed: Counter
    /// Results that were refused because their lease was not current.
    let refused: Counter
    /// Jobs of dead workers that this process freed.
    let rescued: Counter
    /// Jobs held by this process.
    let held: Gauge
    private let results: [JobState: Counter]
    private let registry: MetricsRegistry
    private let figures = Mutex(JobQueue.Figures())

    /// Registers the metrics of jobs.
    package init(in registry: MetricsRegistry) {
        self.registry = registry
        claimed = registry.counter("slipway_job_claims_total", help: "Jobs claimed by this process")
        refused = registry.counter(
            "slipway_job_results_refused_total",
            help: "Results refused: the lease was not current"
        )
        rescued = registry.counter(
            "slipway_jobs_rescued_total",
            help: "Jobs of dead workers freed by this process"
        )
        held = registry.gauge("slipway_jobs_held", help: "Jobs held by this process")
        results = Dictionary(
            uniqueKeysWithValues: JobState.allCases.map { state in
                (
                    state,
                    registry.counter(
                        "slipway_job_results_total",
                        help: "Results written down, by the next state",
                        labels: ["state": state.rawValue]
                    )
                )
            }
        )
        observeFigures()
    }

    /// How long runs of a step take.
    func duration(of step: String, in kind: JobKind) -> Histogram {
        registry.histogram(
            "slipway_job_step_seconds",
            help: "Time that one run of a step takes",
            labels: ["kind": kind.description, "step": step]
        )
    }

    func count(_ result: JobState, _ amount: Int = 1) {
        results[result]?.increment(by: UInt64(amount))
    }

    /// Takes in new figures of the whole queue.
    func set(_ figures: JobQueue.Figures) {
        self.figures.withLock { $0 = figures }
    }

    private func observeFigures() {
        registry.observe("slipway_jobs", help: "Unfinished jobs in the database, by state") {
            [weak self] in
            guard let figures = self?.current else { return [] }
            return JobState.allCases.filter { !$0.isFinal }.map { state in
                MetricsRegistry.Sample(
                    Double(figures.jobs[state] ?? 0),
                    labels: ["state": state.rawValue]
                )
            }
        }
        registry.observe(
            "slipway_job_oldest_ready_seconds",
            help: "Age of the oldest job ready to be claimed"
        ) { [weak self] in
            guard let figures = self?.current else { return [] }
            return [MetricsRegistry.Sample(figures.oldestReady / .seconds(1))]
        }
        registry.observe("slipway_job_workers", help: "Worker processes known to the database") {
            [weak self] in
            guard let figures = self?.current else { return [] }
            return [MetricsRegistry.Sample(Double(figures.workers))]
        }
    }

    private var current: JobQueue.Figures { figures.withLock { $0 } }
}
