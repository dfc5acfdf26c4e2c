import Testing

@testable import Domain

struct EnvironmentTimesTests {
    static let start = Instant(microseconds: 1_795_000_000_000_000)

    static func hour(_ hours: Double) -> Instant {
        start.advanced(by: .seconds(Int64(hours * 3_600)))
    }

    private func times(
        ttl: Int64? = nil,
        max: Int64? = nil,
        idle: EnvironmentLifetime.Idle? = nil,
        keep: Double? = nil,
        _ edit: (inout EnvironmentTimes) -> Void = { _ in }
    ) -> EnvironmentTimes {
        var times = EnvironmentTimes(
            lifetime: EnvironmentLifetime(
                ttl: ttl.map { .seconds($0 * 3_600) },
                max: max.map { .seconds($0 * 3_600) },
                idle: idle,
                keep: keep.map { EnvironmentLifetime.Keep(until: Self.hour($0), reason: "demo") }
            ),
            createdAt: Self.start,
            refreshedAt: Self.start,
            usedAt: Self.start
        )
        edit(&times)
        return times
    }

    @Test func `it ends by the limit that is reached first`() {
        func expiry(_ times: EnvironmentTimes, _ hours: Double, _ limit: EnvironmentExpiry.Limit) {
            #expect(times.expiry == EnvironmentExpiry(at: Self.hour(hours), limit: limit))
        }
        #expect(times().expiry == nil)
        expiry(times(ttl: 72, max: 336), 72, .ttl)
        expiry(times(ttl: 72, max: 48), 48, .max)
        expiry(times(ttl: 72, max: 336) { $0.refreshedAt = Self.hour(300) }, 336, .max)
        expiry(times(ttl: 72, max: 336) { $0.refreshedAt = Self.hour(10) }, 82, .ttl)
        let idle = EnvironmentLifetime.Idle(after: .seconds(8 * 3_600), action: .delete)
        expiry(times(ttl: 72, idle: idle), 8, .idle)
        expiry(times(ttl: 72, idle: idle) { $0.usedAt = Self.hour(70) }, 72, .ttl)
        expiry(times(max: 10), 10, .max)
    }

    @Test func `keeping and extending put the end off, but never beyond the most`() {
        let limit = { (times: EnvironmentTimes) in times.expiry?.limit }
        #expect(times(ttl: 72, max: 336, keep: 100).expiry?.at == Self.hour(100))
        #expect(limit(times(ttl: 72, max: 336, keep: 400)) == .max)
        #expect(limit(times(ttl: 72, keep: 60)) == .ttl)
        #expect(times(keep: 60).expiry == nil)
        let extended = times(ttl: 72, max: 336) { $0.extendedTo = Self.hour(96) }
        #expect(extended.expiry == EnvironmentExpiry(at: Self.hour(96), limit: .extended))
        #expect(limit(times(ttl: 72, max: 90) { $0.extendedTo = Self.hour(96) }) == .max)
        #expect(limit(times(ttl: 72) { $0.extendedTo = Self.hour(50) }) == .ttl)
    }

    @Test func `people are warned a day before, or when a quarter is left`() {
        #expect(times(ttl: 336).warningAt == Self.hour(312))
        #expect(times(ttl: 8).warningAt == Self.hour(6))
        #expect(times().warningAt == nil)
    }

    @Test func `warning and end come once each and in order, also when both are overdue`() throws {
        var times = times(ttl: 8)
        let steps: [(Double, Double, EnvironmentTimes.Due)] = [
            (0, 6, .warn), (6, 6, .warn), (100, 6, .warn),
        ]
        for (now, at, due) in steps {
            let next = try #require(times.next(in: .utc, at: Self.hour(now)))
            #expect(next.at == Self.hour(at) && next.due == due)
        }
        times.warnedOf = times.expiry?.at
        for now in [6.0, 8, 100] {
            let next = try #require(times.next(in: .utc, at: Self.hour(now)))
            #expect(next.at == Self.hour(8) && next.due == .expire)
        }
        times.refreshedAt = Self.hour(7)
        let next = try #require(times.next(in: .utc, at: Self.hour(7)))
        #expect(next.at == Self.hour(13) && next.due == .warn)
    }

    @Test func `what nobody uses goes to sleep once`() throws {
        let idle = EnvironmentLifetime.Idle(after: .seconds(8 * 3_600))
        var times = times(ttl: 72, idle: idle)
        var next = try #require(times.next(in: .utc, at: Self.hour(1)))
        #expect(next.at == Self.hour(8) && next.due == .sleepForIdleness)
        times.isAsleep = true
        times.switchedAt = Self.hour(8)
        next = try #require(times.next(in: .utc, at: Self.hour(8)))
        #expect(next.due == .warn)
        times.isAsleep = false
        times.switchedAt = Self.hour(20)
        next = try #require(times.next(in: .utc, at: Self.hour(20)))
        #expect(next.at == Self.hour(28) && next.due == .sleepForIdleness)
    }
}

struct ActiveTimesTests {
    // Friday 2026-11-20, 18:00 in Berlin.
    private let made = "2026-11-20T17:00:00Z"

    private func next(
        asleep: Bool = false,
        switched: String? = nil,
        at now: String
    ) throws -> String? {
        let berlin = try TimeZoneRulesTests.zone("CET-1CEST,M3.5.0,M10.5.0/3")
        let made = try Instant(parsing: made)
        let times = EnvironmentTimes(
            lifetime: EnvironmentLifetime(activeHours: ActiveHoursTests.hours()),
            createdAt: made,
            refreshedAt: made,
            usedAt: made,
            isAsleep: asleep,
            switchedAt: try switched.map { try Instant(parsing: $0) }
        )
        return times.next(in: berlin, at: try Instant(parsing: now))
            .map { "\($0.at.description.prefix(16)) \($0.due)" }
    }

    @Test func `it sleeps when its hours end and wakes when they begin`() throws {
        #expect(try next(at: made) == "2026-11-20T19:00 sleepForHours")
        #expect(try next(at: "2026-11-20T19:00:00Z") == "2026-11-20T19:00 sleepForHours")
        let slept = "2026-11-20T19:00:10Z"
        #expect(try next(asleep: true, switched: slept, at: slept) == "2026-11-23T07:00 wake")
        let woken = "2026-11-23T07:00:10Z"
        #expect(try next(switched: woken, at: woken) == "2026-11-23T19:00 sleepForHours")
    }

    @Test func `what somebody woke at night stays awake until the hours next end`() throws {
        let woken = "2026-11-20T22:00:00Z"
        #expect(try next(switched: woken, at: woken) == "2026-11-23T19:00 sleepForHours")
        #expect(
            try next(switched: woken, at: "2026-11-23T08:00:00Z")
                == "2026-11-23T19:00 sleepForHours"
        )
    }

    @Test func `what somebody put to sleep by day stays asleep until the hours next begin`() throws
    {
        let slept = "2026-11-20T18:00:00Z"
        #expect(
            try next(asleep: true, switched: slept, at: "2026-11-20T20:00:00Z")
                == "2026-11-23T07:00 wake"
        )
    }

    @Test func `after a weekend without the server only what is wanted now is done`() throws {
        #expect(try next(at: "2026-11-24T08:00:00Z") == "2026-11-24T19:00 sleepForHours")
        #expect(try next(at: "2026-11-24T20:00:00Z") == "2026-11-24T20:00 sleepForHours")
        let slept = "2026-11-20T19:00:10Z"
        #expect(
            try next(asleep: true, switched: slept, at: "2026-11-24T08:00:00Z")
                == "2026-11-24T08:00 wake"
        )
    }
}
