/// When a failed step is tried again, and when no more.
package struct RetryPolicy: Sendable, Equatable {
    /// How many attempts at one step are made before a person is asked.
    package var attemptsMax = 12
    /// How often a step may have been under way when its process ended before a person is asked.
    package var crashesMax = 10
    /// The wait after the first failure; doubled with each further one.
    package var delayMin = Duration.seconds(1)
    /// The longest wait: after eight failures a step is tried every five minutes.
    package var delayMax = Duration.seconds(300)

    /// The defaults.
    package init() {}

    /// The wait after that attempt, between half and all of the doubled delay, so that jobs that
    /// failed together do not come back together.
    ///
    /// `wanted` is what the step asked for: the wait is never shorter. `jitter` is 0 up to 1, at
    /// random.
    package func delay(afterAttempt attempt: Int, wanted: Duration?, jitter: Double) -> Duration {
        var delay = delayMin
        for _ in 1..<max(attempt, 2) where attempt > 1 && delay < delayMax { delay *= 2 }
        delay = min(delay, delayMax)
        let jittered = delay * (0.5 + 0.5 * jitter)
        return max(jittered, wanted ?? .zero)
    }
}
