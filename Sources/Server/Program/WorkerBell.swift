import Jobs
import Synchronization

/// Wakes the workers of this process, where it has any.
///
/// What the workers do stores jobs too, and is made before them.
final class WorkerBell: Sendable {
    private struct Place: Sendable {
        weak var engine: JobEngine?
    }

    private let place = Mutex(Place())

    /// From now on that engine is woken.
    func attach(_ engine: JobEngine) {
        place.withLock { $0.engine = engine }
    }

    /// Says that there may be something to claim.
    func ring() {
        place.withLock(\.engine)?.wake()
    }
}
