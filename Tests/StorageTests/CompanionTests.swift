import Domain
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    /// Environments beside the one that needs them.
    struct CompanionTests {
        private static let name = EnvironmentName("pr-7-payments")
        private static let wanted = VersionWish(parsing: "^1.4").map { version in
            CompanionService(service: ServiceName("payments"), version: version)
        }

        /// An environment with a companion, stored.
        private func environment(
            of tenant: Tenant,
            housed isHoused: Bool = false,
            _ fixture: Fixture
        ) async throws -> Environment {
            let wanted = try #require(Self.wanted)
            var decision = try fixture.environmentCreation("pr-7", of: tenant) { order in
                order.rest.dependencies = [.companion(wanted)]
                if isHoused { order.placement = .own(.vcluster, className: nil) }
            }
            var companion = try fixture.environmentCreation(Self.name.text, of: tenant) { order in
                order.rest.service = wanted.service
            }
            companion.environment.status.companionOf = decision.environment.name
            if isHoused {
                companion.environment.spec.placement = .cluster(decision.environment.name.home)
            }
            decision.companions = [
                CompanionOrder(index: 0, model: EnvironmentName("staging"), decision: companion)
            ]
            _ = try await fixture.storage.environments.create(
                decision,
                in: Fixture.zones,
                for: fixture.call()
            )
            return decision.environment
        }

        private func companion(
            of environment: Environment,
            _ fixture: Fixture
        ) async throws -> Environment {
            let found = try await fixture.storage.environments.find(
                Self.name,
                of: environment.tenantName,
                as: .system
            )
            return try #require(found).environment()
        }

        /// The roll-out that is under way comes to that end.
        private func end(
            _ environment: Environment,
            _ state: Deployment.State,
            _ fixture: Fixture
        ) async throws {
            let coming = try #require(try await fixture.current(environment).status.coming)
            let outcome = DeploymentOutcome(coming.deployment, state, detail: "Done.")
            try await fixture.write([.deploymentEnded(outcome)], about: environment, of: coming.job)
        }

        @Test func `environment and companion are stored together, or not at all`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.environment(Self.name.text, of: tenant)
                await #expect(throws: StorageFault.self) {
                    _ = try await environment(of: tenant, fixture)
                }
                #expect(
                    try await fixture.storage.environments.find(
                        EnvironmentName("pr-7"),
                        of: tenant.name,
                        as: .system
                    ) == nil
                )
            }
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let owner = try await environment(of: tenant, fixture)
                let companion = try await companion(of: owner, fixture)
                #expect(companion.dependents == [owner.name])
                #expect(companion.status.companionOf == owner.name)
                #expect(try await fixture.deployments(of: companion).count == 1)
            }
        }

        @Test func `what is left out goes when what is new is live, and not before`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let owner = try await environment(of: tenant, fixture)
                try await end(owner, .succeeded, fixture)
                #expect(try await companion(of: owner, fixture).status.phase == .pending)
                let live = try await fixture.current(owner)
                try await fixture.refresh(live, image: "shop:2")
                try await end(live, .failed, fixture)
                #expect(
                    try await companion(of: owner, fixture).status.phase == .pending,
                    "What runs still has it."
                )
                let failed = try await fixture.current(live)
                try await fixture.refresh(failed, image: "shop:2")
                try await end(failed, .succeeded, fixture)
                let left = try await companion(of: owner, fixture)
                #expect(left.status.phase == .deleting)
                #expect(left.status.ending == .owner(owner.name))
            }
        }

        @Test func `a companion is no guest in the cluster of its environment`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let owner = try await environment(of: tenant, housed: true, fixture)
                let made = try await companion(of: owner, fixture)
                #expect(made.spec.placement == .cluster(owner.name.home))
                let now = try await fixture.current(owner)
                let going = try now.deletion(by: "somebody", on: Fixture.occasion())
                _ = try await fixture.store(going, replacing: now.revision)
                let left = try await companion(of: owner, fixture)
                #expect(left.status.phase == .deleting)
            }
        }

        @Test func `sleep takes companions along`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let owner = try await environment(of: tenant, fixture)
                let now = try await fixture.current(owner)
                _ = try await fixture.store(
                    try now.sleep(on: Fixture.occasion()),
                    replacing: now.revision
                )
                let resting = try await companion(of: owner, fixture)
                #expect(resting.spec.asleep && resting.status.job != owner.status.job)
            }
        }

        @Test func `the end of the environment, and of its tenant, is that of its companions`()
            async throws
        {
            for goesWithTenant in [false, true] {
                try await Fixture.run { fixture in
                    let tenant = try await fixture.tenant("acme")
                    let owner = try await environment(of: tenant, fixture)
                    if goesWithTenant {
                        try await fixture.storage.database.transaction { transaction in
                            try await JobQueue.removeEnvironments(
                                of: tenant.id,
                                at: Fixture.start,
                                in: transaction
                            )
                        }
                    } else {
                        let now = try await fixture.current(owner)
                        _ = try await fixture.store(
                            try now.deletion(by: "somebody", on: Fixture.occasion()),
                            replacing: now.revision
                        )
                    }
                    let going = try await companion(of: owner, fixture)
                    #expect(going.status.phase == .deleting)
                    #expect(
                        going.status.ending == (goesWithTenant ? .tenant : .owner(owner.name))
                    )
                    #expect(try await fixture.current(owner).status.phase == .deleting)
                }
            }
        }
    }
}
