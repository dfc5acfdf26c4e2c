import Domain
import EventLoop
import Logging
import Storage
import Synchronization
import Telemetry

extension JobEngine {
    /// Says that the worker lives; makes it known first where it is not.
    package func beat() async {
        let now = MonotonicTime.now()
        do {
            if let worker = state.withLock({ $0.worker }) {
                try await beat(as: worker)
            } else {
                try await register()
            }
        } catch {
            state.withLock { $0.steadySince = now.advanced(by: settings.deadAfter / 2) }
            logger.warning("no heartbeat", metadata: ["reason": "\(error)"])
        }
    }

    private func beat(as worker: WorkerID) async throws {
        switch try await queue.beat(worker) {
        case .alive(let unwanted):
            for job in unwanted {
                state.withLock { $0.jobs[job] }?.endOnRequest()
            }
        case .gone:
            logger.warning("taken for dead: leases are gone", metadata: ["worker": "\(worker)"])
            state.withLock { $0.worker = nil }
            for job in state.withLock({ Array($0.jobs.values) }) { job.stop() }
            try await register()
        }
    }

    private func register() async throws {
        var random = SystemRandomNumberGenerator()
        let worker = WorkerID(at: Instant(microseconds: 0), using: &random)
        try await queue.register(
            worker,
            name: settings.workerName,
            kinds: Array(workflows.keys)
        )
        state.withLock { $0.worker = worker }
        wake()
    }

    /// Frees the jobs of workers that are dead.
    package func rescue() async {
        // After a break of the database all workers look dead until they have spoken again.
        let now = MonotonicTime.now()
        guard state.withLock({ $0.steadySince.map { $0 <= now } ?? true }) else { return }
        do {
            let freed = try await queue.rescue(
                deadAfter: settings.deadAfter,
                batch: settings.batch
            )
            guard freed > 0 else { return }
            metrics.rescued.increment(by: UInt64(freed))
            logger.warning("jobs of dead workers freed", metadata: ["freed": "\(freed)"])
            wake()
            queue.announce()
        } catch {
            logger.warning("dead workers not looked for", metadata: ["reason": "\(error)"])
        }
    }

    /// Ends jobs that nobody wants and nobody works on, and steps whose time is up.
    package func sweep() async {
        let now = MonotonicTime.now()
        for job in state.withLock({ Array($0.jobs.values) }) { job.checkDeadline(at: now) }
        do {
            while try await queue.endUnwanted(batch: settings.batch) == settings.batch {}
        } catch {
            logger.warning("unwanted jobs not ended", metadata: ["reason": "\(error)"])
        }
    }

    /// Stores what running jobs wrote down.
    package func flushLogs() async {
        let lines = logs.take()
        do {
            for start in stride(from: 0, to: lines.count, by: settings.batch) {
                let end = min(start + settings.batch, lines.count)
                try await queue.append(Array(lines[start..<end]), linesMax: settings.logLinesMax)
            }
        } catch {
            // They are for people to read; the results that count are written elsewhere.
            logger.warning("log lines lost", metadata: ["reason": "\(error)"])
        }
    }

    /// Asks where the oldest unfinished job stands, so that searches need not look below.
    package func lookForOldest() async {
        do {
            let known = state.withLock { $0.scan.oldest }
            let oldest = try await queue.oldestPlace(above: known)
            state.withLock { $0.scan.learn(oldest: oldest, at: .now()) }
        } catch {
            logger.debug("oldest job not looked for", metadata: ["reason": "\(error)"])
        }
    }

    /// Counts the queue for the metrics.
    package func measure() async {
        do {
            metrics.set(try await queue.figures())
        } catch {
            logger.debug("queue not counted", metadata: ["reason": "\(error)"])
        }
    }

    /// Forgets old jobs and puts aside what nobody can do.
    package func upkeep() async {
        do {
            let stalled = try await queue.stallUnknownKinds(
                after: settings.unknownKindAfter,
                deadAfter: settings.deadAfter,
                batch: settings.batch
            )
            if stalled > 0 {
                logger.warning("jobs of unknown kinds", metadata: ["count": "\(stalled)"])
            }
            var forgotten = settings.batch
            while forgotten == settings.batch {
                forgotten = try await queue.forgetFinished(
                    olderThan: settings.keepFinished,
                    batch: settings.batch
                )
            }
        } catch {
            logger.warning("old jobs not forgotten", metadata: ["reason": "\(error)"])
        }
    }
}
