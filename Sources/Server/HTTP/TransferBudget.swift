import EventLoop

/// How long a transfer may still stand still.
///
/// Waiting uses the budget up and bytes earn it back at the least rate that is accepted, so a
/// client that sends a byte now and then is cut off too.
struct TransferBudget {
    private let limit: Duration
    private let perByte: Duration
    private var left: Duration

    init(limits: ServerLimits) {
        limit = limits.transferTimeout
        perByte = .nanoseconds(1_000_000_000 / max(1, limits.transferBytesPerSecondMin))
        left = limit
    }

    /// When a wait that begins at `now` ends.
    func deadline(at now: MonotonicTime) -> MonotonicTime {
        now.advanced(by: left)
    }

    /// Takes note that a wait up to `deadline` brought `bytes` at `now`.
    mutating func moved(_ bytes: Int, at now: MonotonicTime, deadline: MonotonicTime) {
        let unused = max(.zero, deadline - now)
        left = min(limit, unused + perByte * min(bytes, 1 << 30))
    }
}
