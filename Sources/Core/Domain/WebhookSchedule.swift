/// When what did not come through is sent again, and when it is given up.
package enum WebhookSchedule {
    /// How long after each failure it is tried again: 8 attempts within three days.
    package static let delays: [Duration] = [
        .seconds(10), .seconds(120), .seconds(900), .seconds(3_600), .seconds(6 * 3_600),
        .seconds(24 * 3_600), .seconds(40 * 3_600),
    ]
    /// How much later than planned an attempt may come, so that many do not come at once.
    package static let jitterMax = 0.1
    /// The longest that a receiver's `Retry-After` is followed: a day.
    package static let retryAfterMax = Duration.seconds(86_400)
    /// How long there may be nothing but failures before the webhook is disabled: three days.
    package static let failingMax = Duration.seconds(3 * 86_400)
    /// The longest that a receiver that fails is left alone before the next event: five minutes.
    package static let pauseMax = Duration.seconds(300)
    /// How long what this server could not send is held: a minute.
    package static let heldFor = Duration.seconds(60)
    /// How many failures in a row make no pause yet.
    package static let failuresFree = 3

    /// What becomes of a delivery after an attempt.
    package enum Verdict: Sendable, Equatable {
        /// The receiver took it.
        case delivered
        /// It is sent again at that moment.
        case again(at: Instant)
        /// It was not sent, and not because of the receiver: it is tried at that moment, and
        /// nothing counts.
        case held(until: Instant)
        /// It is given up.
        case failed
        /// The receiver wants nothing of this webhook any more.
        case gone
    }

    /// What becomes of a delivery after its attempt of that number, from 1, which ended then.
    ///
    /// `chance`: from 0 to 1, where in the time of the jitter the next attempt is.
    package static func verdict(
        on attempt: WebhookAttempt,
        number: Int,
        at moment: Instant,
        chance: Double
    ) -> Verdict {
        if attempt.isSuccess { return .delivered }
        if attempt.isUnsent { return .held(until: moment.advanced(by: heldFor)) }
        if attempt.status == 410 { return .gone }
        guard number <= delays.count else { return .failed }
        let planned = delays[number - 1] * (1 + jitterMax * chance)
        let asked = min(attempt.retryAfter ?? .zero, retryAfterMax)
        return .again(at: moment.advanced(by: max(planned, asked)))
    }

    /// How long nothing at all is sent to a receiver after that many failures in a row.
    ///
    /// Spares one that is down, and those who wait for the sender behind one that hangs.
    package static func pause(after failures: Int, retryAfter: Duration?) -> Duration {
        let beyond = failures - failuresFree
        let own = beyond < 0 ? Duration.zero : .seconds(1 << min(beyond, 9))
        return max(min(own, pauseMax), min(retryAfter ?? .zero, pauseMax))
    }
}

extension WebhookStatus {
    /// Takes in what became of an attempt; whether the webhook is to be disabled, and why.
    package mutating func take(
        _ verdict: WebhookSchedule.Verdict,
        at moment: Instant
    ) -> Ban? {
        if case .held = verdict { return nil }
        guard verdict != .delivered else {
            failures = 0
            failingSince = nil
            deliveredAt = moment
            return nil
        }
        failures += 1
        let since = failingSince ?? moment
        failingSince = since
        if verdict == .gone { return .gone }
        return moment - since >= WebhookSchedule.failingMax ? .failing : nil
    }
}
