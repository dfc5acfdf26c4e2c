import EventLoop
import Storage

/// From where on the queue is searched for ready jobs.
///
/// Rows that a claim has just emptied stay in the index until vacuum may remove them, for hours
/// where some transaction is left open. So claims go on where the last one ended, and search from
/// the start only so often that it costs a fraction of the time.
struct Scan: Sendable {
    /// How much longer than a search from the start the pause after it is, at least.
    private static let restFactor = 4

    /// Everything ready below was taken.
    private(set) var floor: Int64 = 0
    /// Whether something below the floor may have become ready.
    var isWanted = true
    private var restsUntil: MonotonicTime?

    /// Where the claim that begins now starts.
    mutating func begin(at now: MonotonicTime) -> Int64 {
        guard isWanted, restsUntil.map({ $0 <= now }) ?? true else { return floor }
        isWanted = false
        return 0
    }

    /// Takes in what a claim that began at `start` says, and how long it took.
    mutating func end(_ claim: Claim, from start: Int64, begun: MonotonicTime, now: MonotonicTime) {
        if start == 0 {
            restsUntil = now.advanced(by: (now - begun) * Self.restFactor)
        }
        let reached = claim.floor ?? start
        if claim.mayHaveMore && reached < floor || claim.mayHaveMore && claim.floor == nil {
            isWanted = true
        }
        floor = max(floor, reached)
    }
}
