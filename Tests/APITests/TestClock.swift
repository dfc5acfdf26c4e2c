import Domain
import Synchronization

/// A wall clock that stands still until it is told otherwise.
final class TestClock: Sendable {
    /// 2026-11-21T00:00:00Z.
    static let start = Domain.Instant(microseconds: 1_795_219_200_000_000)

    private let moment = Mutex(start)

    var now: Domain.Instant { moment.withLock { $0 } }

    func advance(by duration: Duration) {
        moment.withLock { $0 = $0.advanced(by: duration) }
    }
}
