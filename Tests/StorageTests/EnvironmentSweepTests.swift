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
            ).map { passage in
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

        @Test func `after downtime a warning still comes before the end`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.environment("pr", of: tenant)
                #expect(try await sweep(fixture, at: 500) == ["acme/pr expiring"])
                #expect(try await sweep(fixture, at: 500) == ["acme/pr deletion-requested"])
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
                    ) == due
                )
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
                            )
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

        @Test func `one that cannot be read keeps no other from its time`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.environment("broken", of: tenant)
                try await fixture.environment("fine", of: tenant)
                try fixture.database.run(
                    "UPDATE environment SET spec = '{}' WHERE name = 'broken'"
                )
                #expect(try await sweep(fixture, at: 60) == ["acme/fine expiring"])
                #expect(try await sweep(fixture, at: 60) == [])
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
