package import Domain

/// What the sending of webhooks must keep, and get back after a crash.
package protocol WebhookRecords: Sendable {
    /// Takes up to `room` webhooks that have something to send or to match.
    func claim(_ room: Int, at moment: Instant) async throws(WebhookOutage) -> [WebhookLane]

    /// Matches the next events of the log; whether it came further in it.
    func match(_ lane: WebhookLane, at moment: Instant) async throws(WebhookOutage) -> Bool

    /// What is to be sent next; nil where nothing is due.
    func next(
        _ lane: WebhookLane,
        at moment: Instant
    ) async throws(WebhookOutage) -> WebhookMessage?

    /// Writes down what became of an attempt; false where the lane was lost meanwhile.
    func record(
        _ attempt: WebhookAttempt,
        of message: WebhookMessage,
        _ verdict: WebhookSchedule.Verdict,
        _ lane: WebhookLane,
        on occasion: Occasion
    ) async throws(WebhookOutage) -> Bool

    /// Lets go of a lane.
    func release(_ lane: WebhookLane, at moment: Instant) async throws(WebhookOutage)
}

/// The records cannot be had now; what was under way is found again later.
package struct WebhookOutage: Error, Sendable, CustomStringConvertible {
    /// Why, in words without secrets.
    package let description: String

    /// An outage of that reason.
    package init(_ description: String) { self.description = description }
}
