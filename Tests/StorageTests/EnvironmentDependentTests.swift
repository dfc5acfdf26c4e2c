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
    }
}
