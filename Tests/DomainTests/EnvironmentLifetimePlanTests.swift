import JSON
import Testing

@testable import Domain

struct EnvironmentLifetimePlanTests {
    typealias Trial = EnvironmentTrial

    /// Everything that time does from one hour to another, looking every `step` hours.
    private func life(
        of environment: Environment,
        through hours: Double,
        every step: Double = 1
    ) -> [String] {
        var environment = environment
        var told: [String] = []
        var hour = 0.0
        while hour <= hours {
            while let decision = environment.passage(in: Trial.Zones(), on: Trial.occasion(hour)) {
                environment = decision.environment
                let what = decision.event.type.description.split(separator: ".").last ?? ""
                told.append("\(Int(hour)) \(what)")
            }
            hour += step
        }
        return told
    }

    @Test func `it is warned of and ends, once each, at the next look`() throws {
        let environment = try Trial.live()
        #expect(life(of: environment, through: 200) == ["54 expiring", "72 deletion-requested"])
        #expect(
            life(of: environment, through: 400, every: 100)
                == ["100 expiring", "200 deletion-requested"]
        )
    }

    @Test func `each refresh pushes the end forward, but never beyond the most`() throws {
        var environment = try Trial.live()
        for hour in stride(from: 24.0, through: 320, by: 24) {
            environment = try Trial.refresh(environment, Trial.order(), at: hour).environment
        }
        #expect(environment.status.expiry?.limit == .max)
        #expect(environment.status.expiry?.at == EnvironmentTimesTests.hour(336))
        #expect(throws: EnvironmentRefusal.staysToTheMost(until: EnvironmentTimesTests.hour(336))) {
            _ = try environment.extending(by: nil, on: Trial.occasion(330))
        }
    }

    @Test func `extending takes back the warning, and the new end is warned of again`() throws {
        var environment = try Trial.live()
        let warned = try #require(environment.passage(in: Trial.Zones(), on: Trial.occasion(60)))
        #expect(warned.event.type == .environmentExpiring && warned.job == nil)
        let condition = { (environment: Environment) in
            environment.status.conditions.first { $0.type == "Expiring" }?.status
        }
        #expect(condition(warned.environment) == .true)
        environment = try warned.environment.extending(by: nil, on: Trial.occasion(61)).environment
        #expect(environment.status.warnedOf == nil && condition(environment) == .false)
        #expect(environment.status.expiry?.at == EnvironmentTimesTests.hour(133))
        environment =
            try environment
            .extending(by: .seconds(200 * 3_600), on: Trial.occasion(100)).environment
        #expect(environment.status.expiry?.limit == .extended)
        #expect(environment.status.expiry?.at == EnvironmentTimesTests.hour(300))
        let shorter = try environment.extending(by: .seconds(3_600), on: Trial.occasion(101))
        #expect(shorter.environment.status.expiry?.at == EnvironmentTimesTests.hour(300))
        let far = try environment.extending(by: .seconds(900 * 3_600), on: Trial.occasion(101))
        #expect(far.environment.status.expiry?.limit == .max)
    }

    @Test func `what never ends has nothing to put off`() throws {
        let endless = try Trial.live(Trial.order { $0.type = .staging })
        #expect(endless.status.expiry == nil)
        #expect(throws: EnvironmentRefusal.hasNoEnd) {
            _ = try endless.extending(by: nil, on: Trial.occasion(1))
        }
        #expect(endless.dueAt(in: Trial.Zones(), at: Trial.start) == nil)
    }

    @Test func `keeping has a limit and a reason, and a pipeline does not undo it`() throws {
        let environment = try Trial.live()
        func keep(_ hours: Double, _ reason: String) throws -> Environment {
            let keep = EnvironmentLifetime.Keep(
                until: EnvironmentTimesTests.hour(hours),
                reason: reason
            )
            return try environment.keeping(keep, by: Trial.web.limits, on: Trial.occasion(1))
                .environment
        }
        let kept = try keep(200, "A demo on Friday")
        #expect(
            kept.status.expiry
                == EnvironmentExpiry(at: EnvironmentTimesTests.hour(200), limit: .keep)
        )
        let refreshed = try Trial.refresh(kept, Trial.order(), at: 2).environment
        #expect(refreshed.spec.lifetime.keep == kept.spec.lifetime.keep)
        #expect(
            try Trial.refresh(kept, Trial.order(), at: 201).environment.spec.lifetime.keep == nil
        )
        let place = "lifetime.keep"
        #expect(
            Trial.faults { _ = try keep(400, "") }
                == ["\(place).reason missing", "\(place).until beyond-max"]
        )
        #expect(
            Trial.faults { _ = try keep(800, "x") }
                == ["\(place).until out-of-range", "\(place).until beyond-max"]
        )
        #expect(Trial.faults { _ = try keep(0.5, "x") } == ["\(place).until past"])
        let released = try #require(try kept.releasing(on: Trial.occasion(2))).environment
        #expect(released.status.expiry?.limit == .ttl)
        #expect(try released.releasing(on: Trial.occasion(3)) == nil)
    }

    @Test func `idleness puts to sleep, and whoever wakes it starts anew`() throws {
        let lazy = Trial.order {
            $0.rest.lifetime.idle = EnvironmentLifetime.Idle(after: .seconds(8 * 3_600))
        }
        let environment = try Trial.live(lazy)
        #expect(
            life(of: environment, through: 100)
                == ["8 sleep-requested", "54 expiring", "72 deletion-requested"]
        )
        let slept = try #require(environment.passage(in: Trial.Zones(), on: Trial.occasion(8)))
        #expect(slept.job?.kind == .environmentUpdate && slept.environment.spec.asleep)
        #expect(!slept.figures.isAwake)
        let woken = try #require(try slept.environment.wake(on: Trial.occasion(20))).environment
        #expect(
            woken.dueAt(in: Trial.Zones(), at: woken.updatedAt) == EnvironmentTimesTests.hour(28)
        )
        let refreshed = try Trial.refresh(slept.environment, lazy, at: 20)
        #expect(!refreshed.environment.spec.asleep && refreshed.job?.kind == .environmentUpdate)
    }

    @Test func `hours put to sleep and wake, and a pause stops that but not the end`() throws {
        let hours = Trial.order { $0.rest.lifetime.activeHours = ActiveHoursTests.hours() }
        let environment = try Trial.live(hours)
        let told = life(of: environment, through: 60)
        #expect(told.contains { $0.hasSuffix("sleep-requested") })
        #expect(told.contains { $0.hasSuffix("wake-requested") })
        let paused = try #require(try environment.pausing(true, on: Trial.occasion(0)))
        #expect(
            life(of: paused.environment, through: 100)
                == ["54 expiring", "72 deletion-requested"]
        )
    }

    @Test func `a zone that is gone from the database switches nothing`() throws {
        var environment = try Trial.live()
        environment.spec.lifetime.activeHours = ActiveHoursTests.hours()
        environment.spec.lifetime.activeHours?.timeZone = "Europe/Gone"
        #expect(life(of: environment, through: 60) == ["54 expiring"])
    }

    @Test func `protection does not stop time, and what is on its way out is left alone`() throws {
        let safe = try Trial.live(Trial.order { $0.deleteProtection = true })
        #expect(life(of: safe, through: 100).last == "72 deletion-requested")
        let going = safe.removal(because: .tenant, on: Trial.occasion(1)).environment
        #expect(life(of: going, through: 100).isEmpty)
        #expect(going.dueAt(in: Trial.Zones(), at: Trial.start) == nil)
    }
}
