package import Domain
import EventLoop
package import Logging
import Secrets
import Synchronization

/// Sends events to the receivers of webhooks: one at a time to each, many at once to all.
///
/// A message is sent before that is written down, so that what a crash interrupts is sent again.
package final class WebhookDispatcher: Sendable {
    /// Webhooks that one process sends for at once: a receiver that hangs holds one of them.
    package static let lanesMax = 64
    /// Messages of one webhook before others have their turn.
    static let messagesPerTurn = 100
    /// How often is looked for what is due when nobody says that something is.
    private static let lookEvery = Duration.seconds(1)

    private let records: any WebhookRecords
    private let post: WebhookPost
    private let clock: @Sendable () -> Instant
    private let report: @Sendable (WebhookAttempt) -> Void
    private let log: Logger
    private let signal = ChangeSignal()
    private let busy = Atomic<Int>(0)

    /// A dispatcher; `report` is told of each attempt.
    package init(
        records: any WebhookRecords,
        post: WebhookPost,
        clock: @escaping @Sendable () -> Instant,
        log: Logger,
        report: @escaping @Sendable (WebhookAttempt) -> Void
    ) {
        self.records = records
        self.post = post
        self.clock = clock
        self.log = log
        self.report = report
    }

    /// Says that there may be something to send.
    package func wake() { signal.ring() }

    /// Webhooks that this process sends for right now.
    package var lanesBusy: Int { busy.load(ordering: .relaxed) }

    /// Sends until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let generation = signal.generation
                let room = Self.lanesMax - lanesBusy
                let lanes = await claim(room)
                for lane in lanes {
                    busy.add(1, ordering: .relaxed)
                    group.addTask { [self] in
                        await serve(lane)
                        busy.subtract(1, ordering: .relaxed)
                        wake()
                    }
                }
                if !lanes.isEmpty, lanes.count == room { continue }
                await signal.wait(since: generation, upTo: Self.lookEvery)
            }
        }
        await post.close()
    }

    /// Sends what is due right now, once around.
    ///
    /// - Returns: how many webhooks had something to do.
    package func turn() async -> Int {
        let lanes = await claim(Self.lanesMax)
        await withDiscardingTaskGroup { group in
            for lane in lanes { group.addTask { [self] in await serve(lane) } }
        }
        return lanes.count
    }

    private func claim(_ room: Int) async -> [WebhookLane] {
        guard room > 0 else { return [] }
        do throws(WebhookOutage) {
            return try await records.claim(room, at: clock())
        } catch {
            log.debug("no webhooks were claimed", metadata: ["reason": "\(error)"])
            return []
        }
    }

    private func serve(_ lane: WebhookLane) async {
        do throws(WebhookOutage) {
            try await send(lane)
            try await records.release(lane, at: clock())
        } catch {
            // The lease lapses, and another turn finds everything as it was.
            log.debug(
                "a webhook was left",
                metadata: ["webhook": "\(lane.webhook)", "reason": "\(error)"]
            )
        }
    }

    private func send(_ lane: WebhookLane) async throws(WebhookOutage) {
        var random = SecureRandom()
        var sent = 0
        while sent < Self.messagesPerTurn, !Task.isCancelled {
            guard let message = try await records.next(lane, at: clock()) else {
                guard try await records.match(lane, at: clock()) else { return }
                continue
            }
            // Given up because this process stops: the receiver did nothing wrong.
            guard let attempt = await post.send(message, of: lane.webhook) else { return }
            report(attempt)
            sent += 1
            let occasion = Occasion(at: clock(), using: &random)
            let verdict = WebhookSchedule.verdict(
                on: attempt,
                number: message.attempts + 1,
                at: occasion.at,
                chance: Double.random(in: 0...1, using: &random)
            )
            guard try await records.record(attempt, of: message, verdict, lane, on: occasion)
            else { return }
        }
    }
}
