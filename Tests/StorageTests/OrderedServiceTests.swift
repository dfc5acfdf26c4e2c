import Domain
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    /// Services that are ordered together with an environment.
    struct OrderedServiceTests {
        private static let name = ServiceInstanceName("pr-7-db")

        /// An environment that orders a database.
        private func decision(
            of tenant: Tenant,
            _ fixture: Fixture
        ) throws -> Environment.Decision {
            var decision = try fixture.environmentCreation("pr-7", of: tenant) { order in
                order.rest.dependencies = [
                    .ordered(
                        OrderedService(
                            offering: OfferingName("postgresql"),
                            alias: ServiceName("db")
                        )
                    )
                ]
            }
            var service = try fixture.serviceCreation("pr-7-db", of: tenant) { order in
                order.environment = EnvironmentName("pr-7")
            }
            service.service.status.dependency = ServiceName("db")
            let binding = try fixture.bindingCreation(
                "env",
                to: service.service,
                for: EnvironmentName("pr-7")
            )
            decision.orders = [
                DependencyOrder(
                    index: 0,
                    offering: OfferingName("postgresql"),
                    service: service,
                    binding: binding
                )
            ]
            return decision
        }

        private func provided(
            _ environment: Environment,
            _ fixture: Fixture
        ) async throws -> ProvidedService? {
            try await fixture.storage.services.provided(
                for: environment.name,
                of: environment.tenant
            ).first
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

        @Test func `environment, service and binding are stored together, or not at all`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.service("pr-7-db", of: tenant)
                let refused = try decision(of: tenant, fixture)
                await #expect(throws: StorageFault.self) {
                    try await fixture.storage.environments.create(
                        refused,
                        in: Fixture.zones,
                        for: fixture.call()
                    )
                }
                #expect(
                    try await fixture.storage.environments.find(
                        refused.environment.id,
                        as: .system
                    ) == nil
                )
            }
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decision = try decision(of: tenant, fixture)
                _ = try await fixture.storage.environments.create(
                    decision,
                    in: Fixture.zones,
                    for: fixture.call()
                )
                let found = try await provided(decision.environment, fixture)
                #expect(found?.service.name == Self.name)
                #expect(found?.binding?.status.phase == .pending)
            }
        }

        @Test func `what is left out goes when what is new is live, and not before`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decision = try decision(of: tenant, fixture)
                _ = try await fixture.storage.environments.create(
                    decision,
                    in: Fixture.zones,
                    for: fixture.call()
                )
                try await end(decision.environment, .succeeded, fixture)
                #expect(
                    try await provided(decision.environment, fixture)?.service.status.phase
                        == .pending
                )
                let live = try await fixture.current(decision.environment)
                try await fixture.refresh(live, image: "shop:2")
                try await end(live, .failed, fixture)
                #expect(
                    try await provided(live, fixture)?.service.status.phase == .pending,
                    "What runs still has it."
                )
                let failed = try await fixture.current(live)
                try await fixture.refresh(failed, image: "shop:2")
                try await end(failed, .succeeded, fixture)
                let left = try #require(try await provided(failed, fixture))
                #expect(left.service.status.phase == .deleting)
                #expect(left.service.status.ending == .unneeded(by: EnvironmentName("pr-7")))
                #expect(left.binding?.status.phase == .revoking)
            }
        }

        /// What the audit log says of services and bindings, the oldest first: the operation, who
        /// did it, to what, and because of what.
        private func entries(_ fixture: Fixture) async throws -> [String] {
            try await fixture.storage.audit.list(AuditQuery(), as: .system).items.reversed()
                .filter { [.service, .binding].contains($0.object.kind) }
                .map { entry in
                    "\(entry.operation) by \(entry.actor): \(entry.object.name) for "
                        + "\(entry.cause?.name ?? "itself")"
                }
        }

        @Test func `what comes and goes with an environment is audited, with who it is for`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decision = try decision(of: tenant, fixture)
                _ = try await fixture.storage.environments.create(
                    decision,
                    in: Fixture.zones,
                    for: fixture.call()
                )
                let made = [
                    "createService by tester: acme/pr-7-db for acme/pr-7",
                    "createBinding by tester: acme/pr-7-db/env for acme/pr-7",
                ]
                #expect(try await entries(fixture) == made)
                try await end(decision.environment, .succeeded, fixture)
                let live = try await fixture.current(decision.environment)
                try await fixture.refresh(live, image: "shop:2")
                #expect(try await entries(fixture) == made, "It stays until that is live.")
                try await end(live, .succeeded, fixture)
                let gone = [
                    "deleteBinding by system: acme/pr-7-db/env for acme/pr-7",
                    "deleteService by system: acme/pr-7-db for acme/pr-7",
                ]
                #expect(try await entries(fixture) == made + gone)
            }
        }

        @Test func `what goes with a call is audited under the name of who called`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decision = try decision(of: tenant, fixture)
                _ = try await fixture.storage.environments.create(
                    decision,
                    in: Fixture.zones,
                    for: fixture.call()
                )
                let environment = try await fixture.current(decision.environment)
                let end = try #require(
                    try environment.deletion(by: "ann", on: Fixture.occasion())
                )
                _ = try await fixture.store(end, replacing: environment.revision)
                #expect(
                    try await entries(fixture).suffix(2) == [
                        "deleteBinding by tester: acme/pr-7-db/env for acme/pr-7",
                        "deleteService by tester: acme/pr-7-db for acme/pr-7",
                    ]
                )
                let own = try await fixture.service("own", of: tenant)
                try await fixture.binding("shop", to: own)
                let occasion = Fixture.occasion()
                let removal = try #require(
                    try own.deletion(by: "ann", waits: true, on: occasion)
                )
                _ = try await fixture.remove(removal, .revoke)
                #expect(
                    try await entries(fixture).suffix(2) == [
                        "test by tester: acme/own for itself",
                        "deleteBinding by tester: acme/own/shop for acme/own",
                    ]
                )
            }
        }

        @Test func `what is protected is not left out, and no roll-out takes it`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decision = try decision(of: tenant, fixture)
                _ = try await fixture.storage.environments.create(
                    decision,
                    in: Fixture.zones,
                    for: fixture.call()
                )
                try await end(decision.environment, .succeeded, fixture)
                func protect(_ isProtected: Bool) throws {
                    try fixture.database.run(
                        """
                        UPDATE service_instance
                           SET spec = jsonb_set(
                            spec::jsonb, '{deleteProtection}', '\(isProtected)')
                        """
                    )
                }
                try protect(true)
                let live = try await fixture.current(decision.environment)
                let refusal = EnvironmentRefusal.keepsServices([Self.name])
                await #expect(throws: StorageFault.environmentRefused(refusal)) {
                    try await fixture.refresh(live, image: "shop:2")
                }
                try protect(false)
                try await fixture.refresh(live, image: "shop:2")
                try protect(true)
                try await end(live, .succeeded, fixture)
                let kept = try #require(try await provided(live, fixture))
                #expect(kept.service.status.phase == .pending)
                #expect(kept.binding?.status.phase == .pending)
                // It was left out before: no later order is refused for it.
                let next = try await fixture.current(live)
                try await fixture.refresh(next, image: "shop:3")
                try protect(false)
                try await end(next, .succeeded, fixture)
                let left = try #require(try await provided(live, fixture))
                #expect(left.service.status.phase == .deleting)
            }
        }
    }
}
