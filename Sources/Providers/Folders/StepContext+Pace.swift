package import Contract
package import Domain

extension StepContext {
    /// When to look again: soon at first, then as a tenth of the time that has passed, at most
    /// every fifteen seconds.
    package func pace(at now: Instant) -> Duration {
        let passed = waitingSince.map { now - $0 } ?? .zero
        return min(max(passed / 10, .milliseconds(500)), .seconds(15))
    }
}
