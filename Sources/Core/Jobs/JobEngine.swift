package import Contract
import Domain
package import EventLoop
package import Logging
package import Storage
import Synchronization
import Telemetry

/// Runs durable jobs: claims them, runs their steps one after the other, writes down what came
/// of each, and looks after what other processes left behind.
///
/// `start` lets it run by itself; tests call `beat`, `claim`, `rescue` and `upkeep` instead.
package final class JobEngine: Sendable {
    struct State {
        var worker: WorkerID?
        var jobs: [JobID: RunningJob] = [:]
        /// Claimed and not begun, oldest first.
        var ready: ArraySlice<RunningJob> = []
        var running = 0
        var done = 0
        var isDraining = false
        /// Whether the answer to a claim may have been lost.
        var mayHoldUnknown = false
        var intake: Intake
        var scan = Scan()
        /// Since when heartbeats succeed without interruption after one failed.
        var steadySince: MonotonicTime?
        var waitingForQuiet: [Wakeup<Void, Never>] = []
        var loops: [Task<Void, Never>] = []
    }

    let queue: JobQueue
    let workflows: [JobKind: Workflow]
    let settings: EngineSettings
    let loop: EventLoop
    let metrics: JobMetrics
    /// How long each step of each workflow takes.
    let durations: [JobKind: [String: Histogram]]
    let logger: Logger
    let signal = WorkSignal()
    let logs: LogBuffer
    let onChange: @Sendable () -> Void
    let completer: Completer
    let state: Mutex<State>

    /// An engine that runs on one loop; steps that block do so on pools of their own.
    ///
    /// `onChange` is called after each stored change of a job that somebody may watch.
    package init(
        queue: JobQueue,
        workflows: [Workflow],
        settings: EngineSettings = EngineSettings(),
        loop: EventLoop,
        metrics: JobMetrics,
        logger: Logger,
        onChange: @escaping @Sendable () -> Void = {}
    ) {
        self.onChange = onChange
        self.queue = queue
        self.workflows = Dictionary(uniqueKeysWithValues: workflows.map { ($0.kind, $0) })
        self.settings = settings
        self.loop = loop
        self.metrics = metrics
        durations = self.workflows.mapValues { workflow in
            Dictionary(
                uniqueKeysWithValues: workflow.steps.map { step in
                    (step.name, metrics.duration(of: step.name, in: workflow.kind))
                }
            )
        }
        self.logger = logger
        logs = LogBuffer(
            linesMax: settings.logLinesMax,
            lineBytesMax: settings.logLineBytesMax
        )
        completer = Completer(batchMax: settings.batch, loop: loop) { records in
            await Self.complete(records, queue, metrics, loop, logger)
        }
        state = Mutex(
            State(
                intake: Intake(
                    runningMax: settings.stepsAtOnceMax,
                    heldMax: settings.heldMax,
                    now: .now()
                )
            )
        )
    }

    /// Says that there may be something to claim: after a job was stored, or on a notification.
    package func wake() {
        state.withLock { $0.scan.isWanted = true }
        signal.raise()
    }

    /// Whether the engine is known to the database and takes jobs.
    package var isWorking: Bool {
        state.withLock { $0.worker != nil && !$0.isDraining }
    }

    /// How many jobs the engine holds.
    package var heldCount: Int {
        state.withLock { $0.jobs.count }
    }

    /// Returns when the engine holds no job.
    package func settle() async {
        await Wakeup<Void, Never>.wait { wakeup in
            let isQuiet = state.withLock { state in
                if !state.jobs.isEmpty { state.waitingForQuiet.append(wakeup) }
                return state.jobs.isEmpty
            }
            if isQuiet { wakeup.resume() }
        }
    }

    /// Takes no more jobs, lets the steps under way end within `limit`, and hands the rest back, to
    /// be claimed elsewhere at once.
    ///
    /// The engine is of no use afterwards.
    package func drain(within limit: Duration) async {
        let (jobs, loops) = state.withLock { state in
            state.isDraining = true
            for job in state.ready { state.jobs[job.lease.job] = nil }
            state.ready = []
            defer { state.loops = [] }
            return (Array(state.jobs.values), state.loops)
        }
        for job in jobs { job.drain(now: false) }
        signal.raise()
        // Cancelled below; what it waits for ends with that.
        let stopper = Task(executorPreference: loop) { [self] in
            // Steps get most of the time to end, and the rest to stop on request.
            guard await pause(for: limit * 0.8) else { return }
            for job in jobs { job.drain(now: true) }
            guard await pause(for: limit * 0.2) else { return }
            abandon()
        }
        await settle()
        stopper.cancel()
        for loop in loops { loop.cancel() }
        for loop in loops { await loop.value }
        await leave()
    }

    /// Writes a batch of finished jobs down, however often the database has to be asked.
    private static func complete(
        _ records: [JobRecord],
        _ queue: JobQueue,
        _ metrics: JobMetrics,
        _ loop: EventLoop,
        _ logger: Logger
    ) async -> Set<JobID> {
        while true {
            do {
                let completed = try await queue.complete(records)
                metrics.count(.completed, completed.count)
                return completed
            } catch {
                logger.warning("finished jobs not written yet", metadata: ["reason": "\(error)"])
            }
            let delay = Duration.milliseconds(Int.random(in: 100...500))
            let isWanted = (try? await loop.sleep(for: delay)) != nil  // Nil once cancelled.
            guard isWanted else { return [] }
        }
    }

    /// Forgets everything held; late results are refused by the database.
    func abandon() {
        let (jobs, waiting) = state.withLock { state in
            defer {
                state.jobs = [:]
                state.ready = []
                state.waitingForQuiet = []
            }
            return (Array(state.jobs.values), state.waitingForQuiet)
        }
        for job in jobs { job.stop() }
        for wakeup in waiting { wakeup.resume() }
    }

    private func leave() async {
        await flushLogs()
        guard let worker = state.withLock({ $0.worker }) else { return }
        do {
            try await queue.handBack(worker)
            state.withLock { $0.worker = nil }
        } catch {
            // The heartbeat has stopped: others take the jobs over as if the process had died.
            logger.warning("leases not handed back", metadata: ["reason": "\(error)"])
        }
    }
}
