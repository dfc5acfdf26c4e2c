import EventLoop
import Logging
import Storage

/// What happens in the background of every process: events get their place in the log, time does
/// to environments what it is to do, and what is old is removed.
struct Housekeeping: Sendable {
    /// How long an event may wait for its place when nobody says that there is one.
    static let placeEvery = Duration.milliseconds(100)
    /// How often environments are looked for whose time has come.
    ///
    /// One sweep a turn works off what was missed while no server ran, without all of it at once.
    static let timeEvery = Duration.seconds(2)
    /// How often old rows are looked for.
    static let sweepEvery = Duration.seconds(60)
    /// Rows removed by one statement.
    static let batch = 1000
    /// How long events can be read back: 30 days.
    static let keepEvents = Duration.seconds(30 * 86_400)

    /// Cancelled and awaited by `stop`.
    private let tasks: [Task<Void, Never>]

    /// Starts the work on `loop`.
    init(_ services: Services, on loop: EventLoop, logger: Logger) {
        let storage = services.storage
        let sequencer = EventSequencer(storage.database)
        // Cancelled and awaited by `stop`.
        let placing = Task(executorPreference: loop) {
            await Self.repeating(every: Self.placeEvery, on: loop) {
                while try await sequencer.place(at: Moment.now()) == EventSequencer.batch {}
            }
        }
        // Cancelled and awaited by `stop`.
        let sweeping = Task(executorPreference: loop) {
            await Self.repeating(every: Self.sweepEvery, on: loop) {
                let events = try await storage.events.removeOld(
                    olderThan: Self.keepEvents,
                    batch: Self.batch
                )
                let receipts = try await storage.receipts.removeOld(batch: Self.batch)
                let deliveries = try await storage.webhooks.removeOld(batch: Self.batch)
                let tokens = try await storage.tokens.removeOld(batch: Self.batch)
                let hooks = try await storage.hooks.removeOld(batch: Self.batch)
                guard events + receipts + deliveries + tokens + hooks > 0 else { return }
                logger.debug(
                    "old rows removed",
                    metadata: [
                        "events": "\(events)", "receipts": "\(receipts)",
                        "deliveries": "\(deliveries)", "tokens": "\(tokens)",
                        "hooks": "\(hooks)",
                    ]
                )
            }
        }
        // Cancelled and awaited by `stop`.
        let sweepingMirrors = Task(executorPreference: loop) {
            await Self.repeating(every: Self.sweepEvery, on: loop) {
                for name in try await services.removeMirrors() {
                    logger.info("mirror removed", metadata: ["blueprint": "\(name)"])
                }
            }
        }
        // Cancelled and awaited by `stop`.
        let timing = Task(executorPreference: loop) {
            await Self.repeating(every: Self.timeEvery, on: loop) {
                for passage in try await storage.environments.sweep(in: services.zones) {
                    logger.info(
                        "time of an environment",
                        metadata: [
                            "environment": "\(passage.environment)", "event": "\(passage.event)",
                        ]
                    )
                }
            }
        }
        tasks = [placing, sweeping, sweepingMirrors, timing]
    }

    func stop() async {
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Runs `body` again and again until the task is cancelled; a failure waits for the next turn.
    private static func repeating(
        every interval: Duration,
        on loop: EventLoop,
        _ body: () async throws -> Void
    ) async {
        // Cancelled: the sleep ends the loop.
        while (try? await loop.sleep(for: interval)) != nil {
            // A database that is away is told by `/readyz`; the next turn tries again.
            try? await body()
        }
    }
}
