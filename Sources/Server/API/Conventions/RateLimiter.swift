import EventLoop
import Synchronization

/// How often a caller may ask.
package struct RateLimit: Sendable, Hashable {
    /// Requests a second in the long run; 0 for as many as the caller likes.
    package var perSecond: Int
    /// Requests that may come at once.
    package var burst: Int

    /// A limit; a burst is at least one.
    package init(perSecond: Int, burst: Int) {
        self.perSecond = perSecond
        self.burst = max(burst, 1)
    }

    /// No limit.
    package static let none = RateLimit(perSecond: 0, burst: 1)

    /// `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers): quota and window in seconds.
    var policy: String { "\"default\";q=\(burst);w=\(window)" }

    /// Seconds in which an empty allowance is full again.
    private var window: Int { perSecond == 0 ? 0 : (burst + perSecond - 1) / perSecond }
}

/// A bounded set of token buckets, kept as the time at which each is full again (the generic cell
/// rate algorithm), so that a bucket is two words.
///
/// Sets of four slots; a new caller takes the slot that is nearest to full, which forgets least.
final class RateLimiter: Sendable {
    /// Callers whose state is kept: 16 shards of 1,024 slots, 256 KiB in all.
    static let callersMax = shardCount * slotsPerShard
    private static let shardCount = 16
    private static let slotsPerShard = 1_024
    private static let slotsPerSet = 4

    /// What a request was told.
    struct Verdict: Sendable, Hashable {
        /// Whether the request may go on.
        let isAllowed: Bool
        /// Requests that may follow at once.
        let remaining: Int
        /// Seconds until there is one more, rounded up.
        let reset: Int

        /// The value of `RateLimit`.
        var field: String { "\"default\";r=\(remaining);t=\(reset)" }
    }

    private struct Slot {
        var key: UInt64 = 0
        var fullAt: UInt64 = 0
    }

    private final class Shard: Sendable {
        let slots = Mutex([Slot](repeating: Slot(), count: slotsPerShard))
    }

    /// The limit as `RateLimit-Policy` tells it, written once.
    let policy: String
    private let shards = (0..<shardCount).map { _ in Shard() }
    private let interval: UInt64
    private let tolerance: UInt64

    init(_ limit: RateLimit) {
        policy = limit.policy
        interval = limit.perSecond == 0 ? 0 : 1_000_000_000 / UInt64(limit.perSecond)
        tolerance = interval * UInt64(limit.burst)
    }

    /// Takes one request from the allowance of `caller`; nil where there is no limit.
    func take(_ caller: UInt64, at now: MonotonicTime) -> Verdict? {
        visit(caller, at: now, cost: interval)
    }

    /// Looks whether `caller` has any allowance left, without taking from it.
    func look(_ caller: UInt64, at now: MonotonicTime) -> Verdict? {
        visit(caller, at: now, cost: 0)
    }

    private func visit(_ caller: UInt64, at now: MonotonicTime, cost: UInt64) -> Verdict? {
        guard interval > 0 else { return nil }
        let shard = shards[Int(caller % UInt64(Self.shardCount))]
        return shard.slots.withLock { slots in
            let place = Self.place(of: caller, in: slots)
            if slots[place].key != caller { slots[place] = Slot(key: caller) }
            let full = max(slots[place].fullAt, now.nanoseconds)
            let debt = full - now.nanoseconds
            guard debt + interval <= tolerance else {
                return Verdict(
                    isAllowed: false,
                    remaining: 0,
                    reset: Self.seconds(debt + interval - tolerance)
                )
            }
            slots[place].fullAt = full + cost
            let left = tolerance - debt - cost
            return Verdict(
                isAllowed: true,
                remaining: Int(left / interval),
                reset: left < interval ? Self.seconds(interval - left) : 0
            )
        }
    }

    private static func place(of caller: UInt64, in slots: [Slot]) -> Int {
        let first = Int((caller >> 8) % UInt64(slotsPerShard / slotsPerSet)) * slotsPerSet
        var best = first
        for place in first..<first + slotsPerSet {
            if slots[place].key == caller { return place }
            if slots[place].fullAt < slots[best].fullAt { best = place }
        }
        return best
    }

    private static func seconds(_ nanoseconds: UInt64) -> Int {
        Int((nanoseconds + 999_999_999) / 1_000_000_000)
    }
}
