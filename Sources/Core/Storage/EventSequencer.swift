package import Domain
package import Postgres
import Synchronization

/// Gives positions to events whose transactions have ended; in any number of processes.
///
/// Call `place` whenever something was written, and now and then besides.
package final class EventSequencer: Sendable {
    /// The most events that get a position in one transaction.
    package static let batch = 1000

    private let database: Database
    private let floor = Mutex(EventFloor())

    /// A sequencer for the events of this database.
    package init(_ database: Database) {
        self.database = database
    }

    /// Gives positions to one batch and tells the readers of all processes.
    ///
    /// - Returns: how many events got one; `batch` means that there may be more. None where
    ///   another process is at it.
    @discardableResult
    package func place(at moment: Domain.Instant) async throws(StorageFault) -> Int {
        let start = floor.withLock { $0.start(at: moment) }
        let (placed, last) = try await translating { () async throws(DatabaseFault) in
            let rows = try await database.write(
                """
                SELECT placed, last_seq FROM place_events(\(start), \(Int32(Self.batch)))
                """
            )
            guard let row = rows.first else { return (0, Int64(0)) }
            return (try row.decode(0, as: Int.self), try row.decode(1, as: Int64.self))
        }
        guard placed > 0 else { return 0 }
        floor.withLock { $0.reached(last, at: moment) }
        database.notify(channel: EventStore.channel)
        return placed
    }
}

/// From where to look for events without a position.
///
/// Places that were just given leave dead entries in the index for as long as any transaction of
/// the database is old enough to see them; looking behind what was placed a while ago passes them
/// by. A transaction that took longer than that is found by the complete look.
struct EventFloor {
    /// How long a transaction may take from writing an event to its end and be found at once.
    static let settling = Duration.seconds(2)
    /// How often everything is looked at.
    static let completeLookInterval = Duration.seconds(10)

    private var settled: Int64 = 0
    private var latest: Int64 = 0
    private var candidate: (seq: Int64, since: Domain.Instant)?
    private var lastCompleteLook: Domain.Instant?

    /// The number of an event behind which to look; 0 looks at everything.
    mutating func start(at moment: Domain.Instant) -> Int64 {
        if let candidate, moment - candidate.since >= Self.settling {
            settled = max(settled, candidate.seq)
            self.candidate = (latest, moment)
        }
        if let lastCompleteLook, moment - lastCompleteLook < Self.completeLookInterval {
            return settled
        }
        lastCompleteLook = moment
        return 0
    }

    /// Notes that events up to that number were seen.
    mutating func reached(_ seq: Int64, at moment: Domain.Instant) {
        latest = max(latest, seq)
        if candidate == nil { candidate = (latest, moment) }
    }
}
