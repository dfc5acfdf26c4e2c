import Domain
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    /// Bindings of one consumer, each with a Secret of its own.
    struct BindingSecretTests {
        private static let away = BindingSpec.Delivery.namespace(ClusterName("main"), "team-a")

        /// The binding that is in the way; nil where none is.
        private func holder(
            whenStoring decision: ServiceBinding.Decision,
            _ fixture: Fixture
        ) async throws -> SecretHolder? {
            do {
                _ = try await fixture.storage.bindings.create(decision, for: fixture.call())
                return nil
            } catch StorageFault.serviceRefused(.secretTaken(let holder)) {
                return holder
            }
        }

        @Test func `of two bindings at once that want one Secret, one gets it`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let one = try await fixture.service("one", of: tenant)
                let two = try await fixture.service("two", of: tenant)
                for round in 0..<10 {
                    let spec = BindingSpec(delivery: Self.away, secretName: "secret-\(round)")
                    let decisions = try [one, two].map { service in
                        try fixture.bindingCreation("b-\(round)", to: service, as: spec)
                    }
                    async let first = holder(whenStoring: decisions[0], fixture)
                    async let second = holder(whenStoring: decisions[1], fixture)
                    let holders = try await [first, second].compactMap(\.self)
                    #expect(holders.count == 1)
                    #expect(holders.first?.binding.text == "b-\(round)")
                    #expect(holders.first?.secret == "secret-\(round)")
                }
            }
        }

        @Test func `names that come to the same are the same Secret, in one place only`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let other = try await fixture.tenant("globex")
                let spec = BindingSpec(delivery: Self.away)
                let long = try await fixture.service("a-b", of: tenant)
                let short = try await fixture.service("a", of: tenant)
                let foreign = try await fixture.service("a", of: other)
                let first = try fixture.bindingCreation("c", to: long, as: spec)
                #expect(try await holder(whenStoring: first, fixture) == nil)
                let same = try fixture.bindingCreation("b-c", to: short, as: spec)
                let found = try await holder(whenStoring: same, fixture)
                #expect(found?.service == long.name && found?.secret == "a-b-c")
                #expect(found?.isRevoking == false)
                let theirs = try fixture.bindingCreation("b-c", to: foreign, as: spec)
                #expect(try await holder(whenStoring: theirs, fixture) == nil)
                let shown = try fixture.bindingCreation(
                    "b-c",
                    to: short,
                    as: BindingSpec(delivery: .answer)
                )
                #expect(try await holder(whenStoring: shown, fixture) == nil)
            }
        }

        @Test func `an environment in a cluster that is a namespace is in that one`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.management()
                let made = try fixture.clusterCreation("main", of: tenant)
                _ = try await fixture.storage.clusters.create(made, for: fixture.call())
                let cluster = made.cluster
                _ = try await fixture.storage.database.write(
                    "UPDATE cluster SET kind = 'namespace' WHERE id = \(cluster.id)"
                )
                try await fixture.environment("pr-7", of: tenant)
                let service = try await fixture.service("db", of: tenant)
                let environment = EnvironmentName("pr-7")
                let first = BindingSpec(delivery: .environment(environment), secretName: "login")
                let decision = try fixture.bindingCreation("one", to: service, as: first)
                #expect(try await holder(whenStoring: decision, fixture) == nil)
                for (name, namespace) in [("two", cluster.slug.namespace), ("three", "e-pr-7")] {
                    let delivery = BindingSpec.Delivery.namespace(cluster.name, namespace)
                    let spec = BindingSpec(delivery: delivery, secretName: "login")
                    let next = try fixture.bindingCreation(name, to: service, as: spec)
                    let isTaken = try await holder(whenStoring: next, fixture) != nil
                    #expect(isTaken == (namespace == cluster.slug.namespace), "\(namespace)")
                }
            }
        }
    }
}
