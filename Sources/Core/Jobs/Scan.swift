import EventLoop
import Storage

/// From where on the queue is searched for ready jobs.
///
/// Rows of jobs that are gone stay in the index until vacuum may remove them, for hours where some
/// transaction is left open. So claims go on where the last one ended. What may have become ready
/// behind that is searched for from the oldest unfinished job on, and only so often that it costs a
/// fraction of the time; from the very start, for what a long transaction brought late, less often
/// still.
struct Scan: Sendable {
    /// How much longer than a search the pause after it is, at least.
    private static let restFactor = 19
    /// The same for one from the very start.
    private static let wholeRestFactor = 99
    /// How often the queue is searched though nobody says that there is something.
    private static let searchEvery = Duration.seconds(1)
    /// Transactions that store a job and take no longer are never overlooked by a search.
    private static let lag = Duration.seconds(4)
    /// No longer than this is a job overlooked that a longer transaction stored.
    private static let wholeRestMax = Duration.seconds(30)

    /// Everything ready below was taken.
    private(set) var floor: Int64 = 0
    /// Whether something below the floor may have become ready.
    var isWanted = true
    /// Below it nothing was unfinished, at least `lag` ago.
    private(set) var oldest: Int64 = 0
    private var oldestNow: (place: Int64, at: MonotonicTime)?
    private var searchedAt: MonotonicTime?
    private var restsUntil: MonotonicTime?
    private var wholeRestsUntil: MonotonicTime?

    /// Where the claim that begins now starts.
    mutating func begin(at now: MonotonicTime) -> Int64 {
        let isDue = searchedAt.map { now - $0 >= Self.searchEvery } ?? true
        guard isWanted || isDue, hasRested(restsUntil, at: now) else { return floor }
        isWanted = false
        searchedAt = now
        return hasRested(wholeRestsUntil, at: now) ? 0 : oldest
    }

    /// Takes in what a claim that began at `begun` says, and that it was answered `now`.
    mutating func end(_ claim: Claim, from start: Int64, begun: MonotonicTime, now: MonotonicTime) {
        if searchedAt == begun {
            restsUntil = now.advanced(by: (now - begun) * Self.restFactor)
            if start == 0 {
                let rest = min((now - begun) * Self.wholeRestFactor, Self.wholeRestMax)
                wholeRestsUntil = now.advanced(by: rest)
            }
        }
        if start < oldest && !claim.jobs.isEmpty {
            // A long transaction brought these, and may have brought more.
            oldest = start
            oldestNow = nil
        }
        guard claim.mayHaveMore else { return }
        if let reached = claim.floor {
            // Also where that is behind: a search that found so much goes on as the claims do.
            floor = reached
        } else {
            isWanted = true
        }
    }

    /// Takes in where the oldest unfinished job stood at `moment` or before.
    mutating func learn(oldest place: Int64, at moment: MonotonicTime) {
        guard let known = oldestNow else {
            oldestNow = (place, moment)
            return
        }
        guard moment - known.at >= Self.lag else { return }
        oldest = max(oldest, known.place)
        floor = max(floor, oldest)
        oldestNow = (place, moment)
    }

    /// When a search that is wanted may begin; nil where none is.
    var nextSearch: MonotonicTime? { isWanted ? restsUntil : nil }

    private func hasRested(_ until: MonotonicTime?, at now: MonotonicTime) -> Bool {
        until.map { $0 <= now } ?? true
    }
}
