package import Domain
import EventLoop
package import Logging
import Secrets

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
    private let lanes = LaneRunner<WebhookLane>(lanesMax: lanesMax, lookEvery: lookEvery)

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
    package func wake() { lanes.wake() }

    /// Webhooks that this process sends for right now.
    package var lanesBusy: Int { lanes.busy }

    /// Sends until the task is cancelled.
    package func run() async {
        await lanes.run(claim: claim, serve: { [self] in await serve($0) })
        await post.close()
    }

    /// Sends what is due right now, once around.
    ///
    /// - Returns: how many webhooks had something to do.
    package func turn() async -> Int {
        await lanes.turn(claim: claim, serve: { [self] in await serve($0) })
    }

    private func claim(_ room: Int) async -> [WebhookLane] {
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
