import EventLoop
import Synchronization
import Testing

@testable import slipway

/// How much of what is old one turn removes.
@Suite struct HousekeepingTests {
    @Test func `batches are removed until one is short`() async throws {
        let left = Mutex(12_345)
        let count = try await Housekeeping.all { batch in
            left.withLock { left in
                let removed = min(batch, left)
                left -= removed
                return removed
            }
        }
        #expect(count == 12_345 && left.withLock { $0 } == 0)
    }

    @Test func `what never ends is left to the next turn when time is up`() async throws {
        let now = Mutex(MonotonicTime.now())
        var batches = 0
        let count = try await Housekeeping.all { batch in
            batches += 1
            now.withLock { $0 = $0.advanced(by: .seconds(1)) }
            return batch
        } now: {
            now.withLock { $0 }
        }
        #expect(batches == 20 && count == 20 * Housekeeping.batch)
    }
}
