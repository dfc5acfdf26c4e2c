import Testing

@testable import Domain

@Suite struct WebhookTests {
    private let start = Instant(microseconds: 1_795_222_800_000_000)

    @Test(arguments: [
        ("*", true), ("dev.slipway.cluster.ready", true), ("dev.slipway.cluster.*", true),
        ("*.ready", true), ("dev.*.cluster.*", true), ("*cluster*ready*", true),
        ("dev.slipway.cluster", false), ("dev.slipway.tenant.*", false), ("*.deleted", false),
        ("dev.slipway.cluster.ready*ready", false), ("*ready*cluster*", false),
    ])
    func `a star stands for any characters`(pattern: String, isMatch: Bool) {
        #expect(EventPattern(stored: pattern).matches(.clusterReady) == isMatch)
        #expect(EventPattern(stored: pattern).description == pattern)
    }

    @Test func `a pattern that no event fits is refused`() throws {
        #expect(throws: EventPatternFault.matchesNothing) {
            try EventPattern(parsing: "dev.slipway.cluster.raedy")
        }
        #expect(throws: EventPatternFault.badLength) { try EventPattern(parsing: "") }
        #expect(try EventPattern(parsing: "*") == .everything)
    }

    private func attempt(_ status: Int?, retryAfter: Duration? = nil) -> WebhookAttempt {
        WebhookAttempt(at: start, milliseconds: 1, status: status, retryAfter: retryAfter)
    }

    private func verdict(
        _ attempt: WebhookAttempt,
        _ number: Int,
        chance: Double = 0
    ) -> WebhookSchedule.Verdict {
        WebhookSchedule.verdict(on: attempt, number: number, at: start, chance: chance)
    }

    @Test func `eight attempts take about three days and then it is given up`() {
        let whole = WebhookSchedule.delays.reduce(Duration.zero, +)
        #expect(whole > .seconds(68 * 3_600) && whole < .seconds(76 * 3_600))
        for number in 1...7 {
            let next = start.advanced(by: WebhookSchedule.delays[number - 1])
            #expect(verdict(attempt(500), number) == .again(at: next))
        }
        #expect(verdict(attempt(nil), 8) == .failed)
        #expect(verdict(attempt(204), 8) == .delivered)
        #expect(verdict(attempt(410), 1) == .gone)
        #expect(verdict(attempt(301), 1, chance: 1) == .again(at: start.advanced(by: .seconds(11))))
    }

    @Test func `the receiver's wish for rest is followed for a day at most`() {
        let brief = attempt(429, retryAfter: .seconds(60))
        #expect(verdict(brief, 1) == .again(at: start.advanced(by: .seconds(60))))
        let long = attempt(503, retryAfter: .seconds(1_000_000))
        #expect(verdict(long, 1) == .again(at: start.advanced(by: .seconds(86_400))))
    }

    @Test func `a receiver that fails again and again is left alone for longer and longer`() {
        let pauses = [1, 2, 3, 4, 8, 20].map { WebhookSchedule.pause(after: $0, retryAfter: nil) }
        #expect(pauses == [.zero, .zero, .seconds(1), .seconds(2), .seconds(32), .seconds(300)])
        #expect(WebhookSchedule.pause(after: 1, retryAfter: .seconds(7)) == .seconds(7))
    }

    @Test func `three days of nothing but failures end it and one success begins anew`() {
        var status = WebhookStatus(since: start)
        #expect(status.take(.failed, at: start) == nil)
        let almost = start.advanced(by: .seconds(3 * 86_400 - 1))
        #expect(status.take(.failed, at: almost) == nil)
        #expect(status.failures == 2 && status.failingSince == start)
        #expect(status.take(.failed, at: start.advanced(by: .seconds(3 * 86_400))) == .failing)
        #expect(status.take(.delivered, at: almost) == nil)
        #expect(status.failures == 0 && status.failingSince == nil)
        #expect(status.take(.gone, at: almost) == .gone)
    }
}
