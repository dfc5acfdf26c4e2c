import Synchronization

/// What a loop counts about itself; any thread may read it.
package final class LoopStatistics: Sendable {
    private let tickCount = Atomic<UInt64>(0)
    private let busyNanoseconds = Atomic<UInt64>(0)
    private let longestTickNanoseconds = Atomic<UInt64>(0)

    /// Ticks since the start.
    package var ticks: UInt64 {
        tickCount.load(ordering: .relaxed)
    }

    /// The time spent running handlers and tasks since the start.
    package var busy: Duration {
        .nanoseconds(Int64(clamping: busyNanoseconds.load(ordering: .relaxed)))
    }

    /// The longest time for which something ready had to wait since the last call: the loop's lag.
    package func takeWorstLag() -> Duration {
        .nanoseconds(
            Int64(clamping: longestTickNanoseconds.exchange(0, ordering: .relaxed))
        )
    }

    /// Counts a tick whose handlers took `waited` and whose tasks took `spent`.
    func tickEnded(after spent: Duration, waited: Duration) {
        let total = UInt64(clamping: spent.nanoseconds + waited.nanoseconds)
        tickCount.add(1, ordering: .relaxed)
        busyNanoseconds.add(total, ordering: .relaxed)
        if total > longestTickNanoseconds.load(ordering: .relaxed) {
            longestTickNanoseconds.store(total, ordering: .relaxed)
        }
    }
}
