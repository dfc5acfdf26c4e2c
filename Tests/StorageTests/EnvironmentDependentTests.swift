import Domain
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    /// Environments that need others.
    struct EnvironmentDependentTests {
        private static let service = ServiceName("payments")

        /// Stores an environment that needs others.
        @discardableResult
        private func environment(
            _ name: String,
            of tenant: Tenant,
            needing others: [Environment],
            _ fixture: Fixture
        ) async throws -> Environment {
            var decision = try fixture.environmentCreation(name, of: tenant)
            decision.environment.spec.dependencies = needs(others)
            let outcome = try await fixture.storage.environments.create(
                decision,
                in: Fixture.zones,
                for: fixture.call()
            )
            #expect(outcome == .written)
            return decision.environment
        }

        private func needs(_ others: [Environment]) -> [EnvironmentDependency] {
            others.map { other in
                .shared(SharedService(service: Self.service, environment: other.name))
            }
        }

        private func dependents(
            on environment: Environment,
            _ fixture: Fixture
        ) async throws
            -> [String]
        {
            try await fixture.current(environment).dependents.map(\.text)
        }

        @Test func `who depends on an environment is kept with it, and goes from there`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let other = try await fixture.tenant("globex")
                let staging = try await fixture.environment("staging", of: tenant)
                let stranger = try await fixture.environment("staging", of: other)
                let a = try await environment("a", of: tenant, needing: [staging], fixture)
                let b = try await environment("b", of: tenant, needing: [staging, a], fixture)
                #expect(try await dependents(on: staging, fixture) == ["a", "b"])
                #expect(try await dependents(on: a, fixture) == ["b"])
                #expect(try await dependents(on: stranger, fixture) == [])
                #expect(try await fixture.current(staging).revision == 3)

                // Who has not seen that it is needed deletes nothing.
                let blind = try staging.deletion(by: "ann", on: Fixture.occasion())
                await #expect(throws: StorageFault.stale(current: 3)) {
                    try await fixture.store(blind, replacing: 1)
                }
                let needed = try await fixture.current(staging)
                #expect(throws: EnvironmentRefusal.isNeeded(by: [a.name, b.name])) {
                    try needed.deletion(by: "ann", on: Fixture.occasion())
                }

                let end = try b.deletion(by: "ann", on: Fixture.occasion())
                #expect(try await fixture.store(end, replacing: 1) == .written)
                #expect(try await dependents(on: staging, fixture) == ["a"])
                #expect(try await dependents(on: a, fixture) == [])
                let job = try #require(try await fixture.current(b).status.job)
                let cancelled = StepFact.cancellation(of: b.reference, job: job)
                try await fixture.write(cancelled, about: b, of: job)
                #expect(try await dependents(on: staging, fixture) == ["a", "b"])

                var less = try #require(
                    try await fixture.current(a).pausing(true, on: Fixture.occasion())
                )
                less.environment.spec.dependencies = []
                let revision = try await fixture.current(a).revision
                #expect(try await fixture.store(less, replacing: revision) == .written)
                #expect(try await dependents(on: staging, fixture) == ["b"])
            }
        }

        @Test func `one that was made anew is needed by those who needed the old one`() async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let staging = try await fixture.environment("staging", of: tenant)
                try await environment("a", of: tenant, needing: [staging], fixture)
                try await fixture.write([.environmentRemoved], about: staging)
                let again = try await fixture.environment("staging", of: tenant)
                #expect(try await dependents(on: again, fixture) == ["a"])
            }
        }

        @Test func `nothing comes to depend on itself`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let a = try await fixture.environment("a", of: tenant)
                let b = try await environment("b", of: tenant, needing: [a], fixture)
                let c = try await environment("c", of: tenant, needing: [b], fixture)
                var round = try #require(
                    try await fixture.current(a).pausing(true, on: Fixture.occasion())
                )
                round.environment.spec.dependencies = needs([c])
                await #expect {
                    try await fixture.store(round, replacing: 2)
                } throws: { error in
                    guard case StorageFault.environmentRefused(.invalid(let faults)) = error else {
                        return false
                    }
                    return faults.map(\.code) == ["cycle"]
                }
            }
        }

        @Test func `what awake ones need is not put to sleep`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let staging = try await fixture.environment("staging", of: tenant)
                let a = try await environment("a", of: tenant, needing: [staging], fixture)
                let needed = try await fixture.current(staging)
                let sleep = try #require(try needed.sleep(on: Fixture.occasion()))
                let refusal = StorageFault.environmentRefused(.isNeeded(by: [a.name]))
                await #expect(throws: refusal) { try await fixture.store(sleep, replacing: 2) }
                await #expect(throws: refusal) {
                    try await fixture.storage.environments.hold(sleep, to: fixture.call())
                }
                let first = try a.sleep(on: Fixture.occasion())
                #expect(try await fixture.store(first, replacing: 1) == .written)
                #expect(try await fixture.store(sleep, replacing: 2) == .written)
            }
        }

        @Test func `use of an environment counts for everything that it needs`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let base = try await fixture.environment("base", of: tenant)
                let middle = try await environment("middle", of: tenant, needing: [base], fixture)
                let a = try await environment("a", of: tenant, needing: [middle, base], fixture)
                try fixture.database.run(
                    "UPDATE environment SET used_at = now() - interval '1 hour'"
                )
                #expect(try await fixture.storage.environments.use(a.id))
                let used = "used_at > now() - interval '1 minute'"
                #expect(try fixture.count("environment", where: used) == 3)
                #expect(try await !fixture.storage.environments.use(a.id))
            }
        }

        private func sweep(_ fixture: Fixture, at hours: Int) async throws -> [String] {
            try await fixture.storage.environments.sweep(
                in: Fixture.zones,
                at: Fixture.hour(hours)
            ).done.map { passage in
                let what = passage.event.description.split(separator: ".").last ?? ""
                return "\(passage.environment.name) \(what)"
            }
        }

        /// A development environment that ends, and one that never does and needs it.
        private func needed(
            _ fixture: Fixture,
            _ edit: (inout EnvironmentLifetime) -> Void
        ) async throws -> (needed: Environment, by: Environment) {
            let tenant = try await fixture.tenant("acme")
            let shared = try await fixture.environment("shared", of: tenant) { order in
                order.type = .development
                edit(&order.rest.lifetime)
            }
            var decision = try fixture.environmentCreation("team", of: tenant) { order in
                order.type = .development
            }
            decision.environment.spec.dependencies = needs([shared])
            _ = try await fixture.storage.environments.create(
                decision,
                in: Fixture.zones,
                for: fixture.call()
            )
            return (shared, decision.environment)
        }

        /// Puts an environment to sleep, or wakes it, by hand.
        private func put(
            _ environment: Environment,
            asleep isAsleep: Bool,
            _ fixture: Fixture
        ) async throws {
            let current = try await fixture.current(environment)
            let occasion = Fixture.occasion()
            let decision =
                isAsleep ? try current.sleep(on: occasion) : try current.wake(on: occasion)
            _ = try await fixture.store(decision, replacing: current.revision)
        }

        @Test func `who is needed does not end by its time, until the last one sleeps`()
            async throws
        {
            try await Fixture.run { fixture in
                let (shared, team) = try await needed(fixture) { lifetime in
                    lifetime.ttl = .seconds(8 * 3_600)
                    lifetime.max = .seconds(100 * 3_600)
                }
                #expect(try await sweep(fixture, at: 7) == [])
                var status = try await fixture.current(shared).status
                #expect(status.putOff?.by == [team.name])
                #expect(status.expiry?.limit == .max, "`:expiring` lists it by that.")
                #expect(status.expiry?.at == Fixture.hour(100))
                #expect(try await sweep(fixture, at: 20) == [])

                let due = try await fixture.storage.environments.rehearsal(
                    within: .seconds(200 * 3_600),
                    in: Fixture.zones,
                    at: Fixture.hour(20)
                )
                #expect(
                    due.map(\.event) == [.environmentExpiring, .environmentDeletionRequested],
                    "Its most ends it all the same."
                )
                #expect(due.last?.dueAt == Fixture.hour(100))

                try await put(team, asleep: true, fixture)
                #expect(try await sweep(fixture, at: 21) == ["acme/shared expiring"])
                status = try await fixture.current(shared).status
                #expect(status.putOff == nil && status.expiry?.limit == .ttl)
                #expect(try await sweep(fixture, at: 22) == ["acme/shared deletion-requested"])
            }
        }

        @Test func `a rehearsal names who puts an end off, and the most is never passed`()
            async throws
        {
            try await Fixture.run { fixture in
                let (shared, team) = try await needed(fixture) { lifetime in
                    lifetime.ttl = .seconds(8 * 3_600)
                    lifetime.max = .seconds(20 * 3_600)
                }
                let due = try await fixture.storage.environments.rehearsal(
                    within: .seconds(30 * 3_600),
                    in: Fixture.zones,
                    at: Fixture.start
                )
                #expect(due.first?.event == .environmentExpiring)
                #expect(due.first?.neededBy == [team.name])
                #expect(due.dropFirst().map(\.neededBy) == [[], []])
                #expect(due.last?.dueAt == Fixture.hour(20))
                #expect(try await sweep(fixture, at: 8) == [])
                #expect(try await sweep(fixture, at: 16) == ["acme/shared expiring"])
                #expect(try await sweep(fixture, at: 20) == ["acme/shared deletion-requested"])
                #expect(try await fixture.current(shared).status.ending == .expiry(.max))
            }
        }

        @Test func `neither idleness nor a deletion that is over puts it to sleep meanwhile`()
            async throws
        {
            try await Fixture.run { fixture in
                let (shared, team) = try await needed(fixture) { lifetime in
                    lifetime.idle = EnvironmentLifetime.Idle(after: .seconds(3_600), action: .sleep)
                }
                #expect(try await sweep(fixture, at: 2) == [])
                #expect(try await fixture.current(shared).status.putOff?.by == [team.name])
                #expect(try await sweep(fixture, at: 3) == [])
                let current = try await fixture.current(team)
                let end = try current.deletion(by: "ann", on: Fixture.occasion())
                _ = try await fixture.store(end, replacing: current.revision)
                #expect(try await sweep(fixture, at: 3) == ["acme/shared sleep-requested"])
                let slept = try await fixture.current(shared)
                #expect(slept.spec.asleep && slept.status.putOff == nil)
            }
        }
    }
}
