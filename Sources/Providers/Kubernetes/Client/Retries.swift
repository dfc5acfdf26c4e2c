import EventLoop

/// Which faults one call meets with another try, and how long it waits before.
struct Retries: Sendable, Equatable {
    /// Tries of one call, the first included: the rest is for the job engine.
    static let attemptsMax = 5
    /// The first wait where the server names none; doubled with each further one.
    static let delayFirst = Duration.milliseconds(200)

    private let start: MonotonicTime
    private let patience: Duration
    private let isRepeatable: Bool
    private var attempts = 1

    /// `isRepeatable`: whether doing it twice is the same as doing it once.
    init(from start: MonotonicTime, patience: Duration, isRepeatable: Bool) {
        self.start = start
        self.patience = patience
        self.isRepeatable = isRepeatable
    }

    /// The wait before the next try; nil where the fault is the caller's.
    ///
    /// `random` is in 0..<1: callers that were refused together do not come back together.
    mutating func delay(
        after fault: KubernetesFault,
        now: MonotonicTime,
        random: Double
    ) -> Duration? {
        guard attempts < Self.attemptsMax, let asked = asked(fault) else { return nil }
        let delay = asked + asked * (random / 2)
        guard now - start + delay <= patience else { return nil }
        attempts += 1
        return delay
    }

    private func asked(_ fault: KubernetesFault) -> Duration? {
        let own = Self.delayFirst * (1 << (attempts - 1))
        switch fault {
        case .throttled(let delay): return delay
        case .unavailable(let delay?, _): return delay
        case .unavailable(nil, _), .interrupted: return isRepeatable ? own : nil
        case .unreachable: return own
        default: return nil
        }
    }
}
