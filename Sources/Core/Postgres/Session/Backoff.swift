/// How long to wait before trying again: doubled each time up to a limit, with jitter so that
/// sessions lost together do not come back together.
struct Backoff {
    let first: Duration
    let limit: Duration
    /// Attempts that failed since the last success.
    private(set) var failures = 0

    init(first: Duration, limit: Duration) {
        self.first = first
        self.limit = limit
    }

    mutating func succeeded() {
        failures = 0
    }

    /// Counts a failure.
    ///
    /// - Returns: between half and all of the wait that is due.
    mutating func failed(using generator: inout some RandomNumberGenerator) -> Duration {
        let full = min(limit, first * (1 << min(failures, 16)))
        failures += 1
        return full * Double.random(in: 0.5...1, using: &generator)
    }
}
