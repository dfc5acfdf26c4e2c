import Domain
import EventLoop
import Logging
import Scorecards
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
    /// How often the catalog follows what happens to tenants, environments and clusters.
    static let followEvery = Duration.seconds(1)
    /// How often locations are looked for whose time has come.
    static let locationsEvery = Duration.seconds(5)
    /// How often scorecards are looked for whose time has come.
    static let judgedEvery = Duration.seconds(2)
    /// How often copies of repositories are looked for that no location reads any more.
    static let copiesEvery = Duration.seconds(3_600)
    /// How often old rows are looked for.
    static let sweepEvery = Duration.seconds(60)
    /// Rows removed by one statement.
    static let batch = 1000
    /// How long one kind of old rows is removed at a stretch: at 1,000 rows a statement far more
    /// than arrive meanwhile.
    static let sweepMax = Duration.seconds(20)
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
            await Self.repeating("placing events", every: Self.placeEvery, on: loop, logger) {
                while try await sequencer.place(at: Moment.now()) == EventSequencer.batch {}
            }
        }
        // Cancelled and awaited by `stop`.
        let sweeping = Task(executorPreference: loop) {
            await Self.repeating("removing old rows", every: Self.sweepEvery, on: loop, logger) {
                let events = try await Self.all { batch in
                    try await storage.events.removeOld(olderThan: Self.keepEvents, batch: batch)
                }
                let receipts = try await Self.all(storage.receipts.removeOld)
                let deliveries = try await Self.all(storage.webhooks.removeOld)
                let tokens = try await Self.all(storage.tokens.removeOld)
                let hooks = try await Self.all(storage.hooks.removeOld)
                let deployments = try await Self.all(storage.deployments.removeOld)
                let orphans = try await Self.all(storage.locations.removeOrphans)
                let all = [events, receipts, deliveries, tokens, hooks, deployments, orphans]
                guard all.contains(where: { $0 > 0 }) else { return }
                logger.debug(
                    "old rows removed",
                    metadata: [
                        "events": "\(events)", "receipts": "\(receipts)",
                        "deliveries": "\(deliveries)", "tokens": "\(tokens)",
                        "hooks": "\(hooks)", "deployments": "\(deployments)",
                        "orphans": "\(orphans)",
                    ]
                )
            }
        }
        // Cancelled and awaited by `stop`.
        let sweepingMirrors = Task(executorPreference: loop) {
            await Self.repeating("removing mirrors", every: Self.sweepEvery, on: loop, logger) {
                for name in try await services.removeMirrors() {
                    logger.info("mirror removed", metadata: ["blueprint": "\(name)"])
                }
            }
        }
        // Cancelled and awaited by `stop`.
        let timing = Task(executorPreference: loop) {
            await Self.repeating("sweeping environments", every: Self.timeEvery, on: loop, logger) {
                Self.tell(try await storage.environments.sweep(in: services.zones), logger)
            }
        }
        // Cancelled and awaited by `stop`.
        let rotating = Task(executorPreference: loop) {
            await Self.repeating("sweeping bindings", every: Self.timeEvery, on: loop, logger) {
                Self.tell(try await storage.bindings.sweep(), logger)
            }
        }
        tasks =
            [placing, sweeping, sweepingMirrors, timing, rotating]
            + Self.catalog(services, loop, logger)
    }

    private static func tell(_ sweep: EnvironmentSweep, _ logger: Logger) {
        for failure in sweep.failed {
            logger.error(
                "time can do nothing to an environment; tried again later",
                metadata: [
                    "environment": "\(failure.environment)", "reason": "\(failure.reason)",
                ]
            )
        }
        for passage in sweep.done {
            logger.info(
                "time of an environment",
                metadata: [
                    "environment": "\(passage.environment)", "event": "\(passage.event)",
                ]
            )
        }
    }

    private static func tell(_ sweep: BindingSweep, _ logger: Logger) {
        for failure in sweep.failed {
            logger.error(
                "nothing can be done to a binding that is due; tried again later",
                metadata: ["binding": "\(failure.binding)", "reason": "\(failure.reason)"]
            )
        }
        for work in sweep.begun {
            logger.info(
                "time of a binding",
                metadata: ["binding": "\(work.binding.name)", "job": "\(work.job)"]
            )
        }
    }

    /// What is done for the catalog.
    private static func catalog(
        _ services: Services,
        _ loop: EventLoop,
        _ logger: Logger
    ) -> [Task<Void, Never>] {
        // Cancelled and awaited by `stop`.
        let reading = Task(executorPreference: loop) {
            await repeating("looking at locations", every: locationsEvery, on: loop, logger) {
                try await services.keepLocations()
            }
        }
        // Cancelled and awaited by `stop`.
        let tidying = Task(executorPreference: loop) {
            await repeating("removing copies", every: copiesEvery, on: loop, logger) {
                let count = try await services.locationCopies.removeUnused()
                if count > 0 { logger.info("copies removed", metadata: ["count": "\(count)"]) }
            }
        }
        // Cancelled and awaited by `stop`.
        let following = Task(executorPreference: loop) {
            await repeating("following objects", every: followEvery, on: loop, logger) {
                try await services.followObjects()
            }
        }
        // Cancelled and awaited by `stop`.
        let judging = Task(executorPreference: loop) {
            await repeating("judging entities", every: judgedEvery, on: loop, logger) {
                try await services.judgeEntities()
            }
        }
        // Cancelled and awaited by `stop`.
        let forgetting = Task(executorPreference: loop) {
            await repeating("removing results", every: sweepEvery, on: loop, logger) {
                let shipped = Services.scorecards.map(\.name.text)
                _ = try await all { batch in
                    try await services.storage.scorecards.removeForgotten(
                        besides: shipped,
                        batch: batch
                    )
                }
            }
        }
        return [reading, tidying, following, judging, forgetting]
    }

    func stop() async {
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Removes batch by batch until nothing is left, or time is up and the next turn goes on.
    ///
    /// - Returns: how many rows were removed.
    static func all(
        _ removeOld: (Int) async throws -> Int,
        now: () -> MonotonicTime = { .now() }
    ) async throws -> Int {
        let end = now().advanced(by: sweepMax)
        var count = 0
        while true {
            let removed = try await removeOld(batch)
            count += removed
            guard removed >= batch, now() < end, !Task.isCancelled else { return count }
        }
    }

    /// Runs `body` again and again until the task is cancelled; a failure waits for the next turn.
    ///
    /// What fails as it did the turn before is not written down again.
    private static func repeating(
        _ work: String,
        every interval: Duration,
        on loop: EventLoop,
        _ logger: Logger,
        _ body: () async throws -> Void
    ) async {
        var trouble: String?
        // Cancelled: the sleep ends the loop.
        while (try? await loop.sleep(for: interval)) != nil {
            do {
                try await body()
                trouble = nil
            } catch {
                let reason = "\(error)"
                guard reason != trouble, !Task.isCancelled else { continue }
                trouble = reason
                logger.warning(
                    "housekeeping goes on with its next turn",
                    metadata: ["work": "\(work)", "reason": "\(reason)"]
                )
            }
        }
    }
}
