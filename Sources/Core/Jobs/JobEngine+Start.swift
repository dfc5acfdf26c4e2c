import EventLoop
import Storage
import Synchronization

extension JobEngine {
    /// Lets the engine run by itself until `drain`.
    package func start() {
        let loops = [
            task { await $0.claimForever() },
            repeating(every: settings.heartbeatEvery) { await $0.beat() },
            repeating(every: settings.rescueEvery) { engine in
                await engine.rescue()
                await engine.sweep()
            },
            repeating(every: .milliseconds(250)) { await $0.flushLogs() },
            repeating(every: .seconds(5)) { await $0.measure() },
            repeating(every: .seconds(60)) { await $0.upkeep() },
        ]
        state.withLock { $0.loops = loops }
    }

    /// Cancelled and awaited by `drain`.
    private func task(_ body: @escaping @Sendable (JobEngine) async -> Void) -> Task<Void, Never> {
        // `drain` cancels and awaits it.
        Task(executorPreference: loop) { await body(self) }
    }

    private func repeating(
        every interval: Duration,
        _ body: @escaping @Sendable (JobEngine) async -> Void
    ) -> Task<Void, Never> {
        task { engine in  // Cancelled and awaited by `drain`.
            repeat {
                await body(engine)
                // Jitter keeps the processes of one start from asking in step.
            } while await engine.pause(for: interval * .random(in: 0.9..<1.0))
        }
    }

    func pause(for delay: Duration) async -> Bool {
        (try? await loop.sleep(for: delay)) != nil  // Nil once it is cancelled.
    }

    private func claimForever() async {
        var reconciled = MonotonicTime.now()
        while !Task.isCancelled && !state.withLock({ $0.isDraining }) {
            let now = MonotonicTime.now()
            if needsReconciling || now - reconciled >= .seconds(60) {
                reconciled = now
                await reconcile()
            }
            switch await claim() {
            case .again: continue
            case .contended: _ = await pause(for: .milliseconds(Int.random(in: 5..<20)))
            case .rest: await signal.wait(atMost: await idleTime(), on: loop)
            }
        }
    }

    private var needsReconciling: Bool {
        state.withLock { state in
            defer { state.mayHoldUnknown = false }
            return state.mayHoldUnknown
        }
    }

    /// Until the next job is due, at most one poll.
    private func idleTime() async -> Duration {
        let poll = settings.pollEvery * .random(in: 0.75..<1.25)
        let due = (try? await queue.nextDue()) ?? nil  // Then the poll is soon enough.
        state.withLock { $0.scan.isWanted = true }
        guard let due else { return poll }
        return max(min(due, poll), .milliseconds(10))
    }
}
