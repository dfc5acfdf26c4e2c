import Domain
import JSON
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct EnvironmentSweepTests {
        private func sweep(_ fixture: Fixture, at hours: Int) async throws -> [String] {
            try await fixture.storage.environments.sweep(
                in: Fixture.zones,
                at: Fixture.hour(hours)
            ).done.map { passage in
                let what = passage.event.description.split(separator: ".").last ?? ""
                return "\(passage.environment.name) \(what)"
            }
        }

        @Test func `each is warned of and ends once, in order, whoever sweeps`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                for (name, hours) in [("late", 9), ("soon", 4), ("never", nil)] {
                    try await fixture.environment(name, of: tenant) { order in
                        if hours == nil { order.type = .staging }
                        order.rest.lifetime.ttl = hours.map { .seconds(Int64($0) * 3_600) }
                    }
                }
                #expect(try await sweep(fixture, at: 2) == [])
                #expect(try await sweep(fixture, at: 3) == ["acme/soon expiring"])
                #expect(try await sweep(fixture, at: 3) == [])
                #expect(
                    try await sweep(fixture, at: 8)
                        == ["acme/soon deletion-requested", "acme/late expiring"]
                )
                #expect(try await sweep(fixture, at: 20) == ["acme/late deletion-requested"])
                #expect(try await sweep(fixture, at: 1_000) == [])
                #expect(try fixture.count("job", where: "kind = 'environment.delete'") == 2)
                #expect(try fixture.count("deployment", where: "state = 'cancelled'") == 2)
            }
        }

        @Test func `after downtime a warning still comes a while before the end`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("pr", of: tenant)
                #expect(try await sweep(fixture, at: 500) == ["acme/pr expiring"])
                let warned = try await fixture.current(made).status
                #expect(warned.expiry?.at == Fixture.hour(500).advanced(by: .seconds(900)))
                #expect(warned.warnedOf == Fixture.hour(72))
                #expect(try await sweep(fixture, at: 500) == [])
                #expect(try await sweep(fixture, at: 501) == ["acme/pr deletion-requested"])
            }
        }

        @Test func `a rehearsal says the same and changes nothing`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("pr", of: tenant)
                let due = try await fixture.storage.environments.rehearsal(
                    in: Fixture.zones,
                    at: Fixture.hour(60)
                )
                #expect(due.map(\.event) == [.environmentExpiring])
                #expect(due.first?.dueAt == Fixture.hour(54))
                #expect(try await fixture.current(made).revision == 1)
                #expect(
                    try await fixture.storage.environments.sweep(
                        in: Fixture.zones,
                        at: Fixture.hour(60)
                    ).done == due
                )
            }
        }

        @Test func `a rehearsal looks ahead, and says what a pause holds up`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.environment("pr", of: tenant)
                let store = fixture.storage.environments
                let pause = ExpiryPause(
                    by: "ann",
                    reason: "Looking into the clock",
                    since: Fixture.start,
                    until: Fixture.hour(80)
                )
                let event: EventID = Fixture.id()
                _ = try await store.setExpiryPause(pause, event: event, for: fixture.call())
                let due = try await store.rehearsal(
                    within: .seconds(100 * 3_600),
                    in: Fixture.zones,
                    at: Fixture.start
                )
                #expect(due.map(\.event) == [.environmentExpiring, .environmentDeletionRequested])
                #expect(due.map(\.dueAt) == [Fixture.hour(54), Fixture.hour(72)])
                #expect(due.map(\.isHeld) == [false, true])
                let others = try await store.rehearsal(
                    within: .seconds(100 * 3_600),
                    in: Fixture.zones,
                    at: Fixture.start,
                    as: .tenant(Fixture.id(), .viewer)
                )
                #expect(others.isEmpty)
            }
        }

        @Test func `of many who sweep at once each takes its own, and none more than it may`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                for number in 0..<30 {
                    try await fixture.environment("e\(number)", of: tenant)
                }
                let done = try await withThrowingTaskGroup(of: [DuePassage].self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            try await fixture.storage.environments.sweep(
                                limit: 4,
                                in: Fixture.zones,
                                at: Fixture.hour(60)
                            ).done
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(done.allSatisfy { $0.count <= 4 })
                let names = done.flatMap { $0 }.map(\.environment.name)
                #expect(Set(names).count == names.count)
                var rest = names.count
                while true {
                    let more = try await sweep(fixture, at: 60)
                    if more.isEmpty { break }
                    rest += more.count
                }
                #expect(rest == 30)
                #expect(
                    try fixture.count("event", where: "type LIKE '%environment.expiring'") == 30
                )
            }
        }

        @Test func `sleep and waking by hours leave a job each, and use puts idleness off`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("lazy", of: tenant) { order in
                    order.rest.lifetime.idle = EnvironmentLifetime.Idle(after: .seconds(3_600))
                }
                let store = fixture.storage.environments
                #expect(try await sweep(fixture, at: 2) == ["acme/lazy sleep-requested"])
                let asleep = try await fixture.current(made)
                #expect(asleep.spec.asleep && asleep.generation == 2)
                #expect(try fixture.count("job", where: "kind = 'environment.update'") == 1)
                let woken = try asleep.wake(on: Fixture.occasion(after: 7_300))
                #expect(try await fixture.store(woken, replacing: asleep.revision) == .written)
                // The database's clock is what use goes by.
                try fixture.database.run("UPDATE environment SET used_at = now() - interval '1 h'")
                try await store.use(made.id)
                let used = try await fixture.current(made)
                try await store.use(made.id)
                #expect(try await fixture.current(made).revision == used.revision)
            }
        }

        @Test func `while ends are paused people are warned, and nothing ends`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.environment("pr", of: tenant)
                let store = fixture.storage.environments
                #expect(try await store.expiryPause() == nil)
                let pause = ExpiryPause(
                    by: "ann",
                    reason: "Looking into the clock",
                    since: Fixture.start,
                    until: Fixture.hour(100)
                )
                let call = fixture.call(receipt: fixture.receipt("k"))
                for outcome in [WriteOutcome.written, .replayed(fixture.receipt("k").answer)] {
                    let event: EventID = Fixture.id()
                    #expect(
                        try await store.setExpiryPause(pause, event: event, for: call) == outcome
                    )
                }
                #expect(try await store.expiryPause() == pause)
                await #expect(throws: StorageFault.notFound) {
                    let own = fixture.call(as: .tenant(tenant.id, .tenantAdmin))
                    _ = try await store.setExpiryPause(nil, event: Fixture.id(), for: own)
                }
                #expect(try await sweep(fixture, at: 80) == ["acme/pr expiring"])
                #expect(try await sweep(fixture, at: 80) == [])
                #expect(try await sweep(fixture, at: 90) == [])
                _ = try await store.setExpiryPause(nil, event: Fixture.id(), for: fixture.call())
                #expect(try await store.expiryPause() == nil)
                #expect(try await sweep(fixture, at: 91) == ["acme/pr deletion-requested"])
            }
        }

        @Test func `while ends are paused one that is overdue still sleeps`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("pr", of: tenant) { order in
                    order.rest.lifetime.ttl = .seconds(2 * 3_600)
                    order.rest.lifetime.idle = EnvironmentLifetime.Idle(after: .seconds(3 * 3_600))
                }
                let pause = ExpiryPause(
                    by: "ann",
                    reason: "Looking into the clock",
                    since: Fixture.start,
                    until: Fixture.hour(100)
                )
                let event: EventID = Fixture.id()
                _ = try await fixture.storage.environments.setExpiryPause(
                    pause,
                    event: event,
                    for: fixture.call()
                )
                #expect(try await sweep(fixture, at: 2) == ["acme/pr expiring"])
                #expect(try await sweep(fixture, at: 4) == ["acme/pr sleep-requested"])
                #expect(try await fixture.current(made).spec.asleep)
                #expect(try await sweep(fixture, at: 101) == ["acme/pr deletion-requested"])
            }
        }

        @Test func `a pause that cannot be read holds ends up, and nothing else`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.environment("pr", of: tenant)
                try fixture.database.run(
                    "INSERT INTO setting VALUES ('environment-expiry-pause', '{\"by\":')"
                )
                #expect(try await sweep(fixture, at: 60) == ["acme/pr expiring"])
                #expect(try await sweep(fixture, at: 80) == [])
                _ = try await fixture.storage.environments.setExpiryPause(
                    nil,
                    event: Fixture.id(),
                    for: fixture.call()
                )
                #expect(try await sweep(fixture, at: 81) == ["acme/pr deletion-requested"])
            }
        }

        @Test func `hours wake nothing beyond the quota, and the environment says so`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme") { spec in
                    spec.quotas.environments.awake = 1
                }
                let made = try await fixture.environment("early", of: tenant) { order in
                    order.type = .staging
                    order.rest.asleep = true
                    order.rest.lifetime.activeHours = ActiveHours(
                        timeZone: "UTC",
                        days: Set(ActiveHours.Weekday.allCases),
                        // From one to two: the clock of the tests starts at one.
                        from: 60,
                        to: 120
                    )
                }
                let other = try await fixture.environment("awake", of: tenant) { order in
                    order.type = .staging
                }
                #expect(try await sweep(fixture, at: 24) == [])
                let left = try await fixture.current(made)
                #expect(left.spec.asleep)
                #expect(left.status.waiting?.on.contains("environments.awake") == true)
                #expect(left.status.waiting?.releasedBy?.contains("awake") == true)
                let sleep = try await fixture.current(other).sleep(on: Fixture.occasion())
                _ = try await fixture.store(sleep, replacing: 1)
                #expect(try await sweep(fixture, at: 48) == ["acme/early wake-requested"])
                #expect(try await fixture.current(made).status.waiting == nil)
            }
        }

        @Test func `one that cannot be read keeps no other from its time`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.environment("broken", of: tenant)
                try await fixture.environment("fine", of: tenant)
                try fixture.database.run(
                    "UPDATE environment SET spec = '{}' WHERE name = 'broken'"
                )
                let first = try await fixture.storage.environments.sweep(
                    in: Fixture.zones,
                    at: Fixture.hour(60)
                )
                #expect(first.done.map(\.environment.name) == ["acme/fine"])
                #expect(first.failed.count == 1)
                // Later and later, and never for good.
                var pauses: [String?] = []
                for hour in [61, 62, 63] {
                    #expect(try await sweep(fixture, at: hour) == [])
                    pauses += try fixture.database.run(
                        """
                        SELECT (extract(epoch FROM due_at)
                                - \(Fixture.hour(hour).microseconds / 1_000_000))::int
                          FROM environment WHERE name = 'broken'
                        """
                    ).map { $0[0] }
                }
                #expect(pauses == ["120", "240", "480"])
            }
        }

        @Test func `a deletion that was given up is under the clock again`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.environment("pr", of: tenant)
                let deletion = try made.deletion(by: "ann", on: Fixture.occasion())
                _ = try await fixture.store(deletion, replacing: 1)
                let job = try #require(try await fixture.current(made).status.job)
                let facts = StepFact.cancellation(of: made.reference, job: job)
                try await fixture.write(facts, about: made, of: job)
                let back = try await fixture.current(made)
                #expect(back.status.phase == .failed && back.status.ending == nil)
                let found = try await fixture.storage.environments.find(made.id, as: .system)
                #expect(found?.dueAt != nil)
            }
        }
    }
}
