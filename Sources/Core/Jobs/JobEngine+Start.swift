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
            // These read a table that may be full of rows that are gone.
            repeating(every: .seconds(5), restFactor: 19) { await $0.lookForOldest() },
            repeating(every: .seconds(5), restFactor: 49) { await $0.measure() },
            repeating(every: .seconds(60)) { await $0.upkeep() },
        ]
        state.withLock { $0.loops = loops }
    }

    /// Cancelled and awaited by `drain`.
    private func task(_ body: @escaping @Sendable (JobEngine) async -> Void) -> Task<Void, Never> {
        // `drain` cancels and awaits it.
        Task(executorPreference: loop) { await body(self) }
    }

    /// With a pause that is never shorter than `restFactor` times what `body` took.
    private func repeating(
        every interval: Duration,
        restFactor: Int = 0,
        _ body: @escaping @Sendable (JobEngine) async -> Void
    ) -> Task<Void, Never> {
        task { engine in  // Cancelled and awaited by `drain`.
            var pause = interval
            repeat {
                let begun = MonotonicTime.now()
                await body(engine)
                // Jitter keeps the processes of one start from asking in step.
                let took = MonotonicTime.now() - begun
                pause = max(interval, took * restFactor) * Double.random(in: 0.9..<1.0)
            } while await engine.pause(for: pause)
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
            case .rest:
                if await !signal.wait(atMost: await idleTime(), on: loop) {
                    state.withLock { $0.scan.isWanted = true }
                }
            }
        }
    }

    private var needsReconciling: Bool {
        state.withLock { state in
            defer { state.mayHoldUnknown = false }
            return state.mayHoldUnknown
        }
    }

    /// Until the next job is due or the next search may begin, at most one poll.
    private func idleTime() async -> Duration {
        let poll = settings.pollEvery * .random(in: 0.75..<1.25)
        guard hasRoom else { return poll }  // Whoever makes some raises the signal.
        let due = (try? await queue.nextDue()) ?? nil  // Then the poll is soon enough.
        let search = state.withLock { $0.scan.nextSearch }.map { $0 - .now() }
        return max(min(due ?? poll, search ?? poll, poll), .milliseconds(10))
    }
}
