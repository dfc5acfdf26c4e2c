/// The limits and times of a job engine; the defaults are those of production.
package struct EngineSettings: Sendable {
    /// What people see as the worker's name: host and process.
    package var workerName = "slipway"
    /// How many steps run at once in this process; what blocks runs elsewhere, so many can.
    package var stepsAtOnceMax = 64
    /// How many jobs are held at once, those that wait to be written down included.
    package var heldMax = 1_000
    /// How many jobs of one tenant run at once, in all processes together.
    package var tenantLimit = 4
    /// How often the worker says that it lives.
    package var heartbeatEvery = Duration.seconds(3)
    /// How long after its last heartbeat a worker is taken for dead: two may get lost.
    package var deadAfter = Duration.seconds(9)
    /// How often dead workers are looked for.
    ///
    /// With the above, a job is taken over within 10 s.
    package var rescueEvery = Duration.seconds(1)
    /// How often the queue is looked at when nobody says that there is work.
    package var pollEvery = Duration.seconds(1)
    /// When failed steps are tried again.
    package var retry = RetryPolicy()
    /// How long a ready job of a kind that no worker knows waits before it is stalled.
    package var unknownKindAfter = Duration.seconds(600)
    /// How many log lines of one job are kept.
    package var logLinesMax = 1_000
    /// How many bytes of one log line are kept.
    package var logLineBytesMax = 4_096
    /// How long finished jobs are kept.
    package var keepFinished = Duration.seconds(30 * 86_400)
    /// How many rows one statement of the upkeep touches.
    package var batch = 1_000

    /// The defaults.
    package init() {}
}
