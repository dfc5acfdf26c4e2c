import Domain
import JSON
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct EnvironmentListTests {
        private func names(
            _ fixture: Fixture,
            _ tenant: Tenant,
            _ query: EnvironmentQuery
        ) async throws -> [String] {
            try await fixture.storage.environments.list(query, of: tenant.id, as: .system)
                .items.map(\.name)
        }

        @Test func `a list has filters, selectors and pages`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try await fixture.environment("a", of: tenant, labels: [("team", "x")])
                try await fixture.environment("b", of: tenant) {
                    $0.rest.service = ServiceName("shop")
                }
                try await fixture.environment("c", of: tenant) { $0.type = .staging }
                try await fixture.environment("d", of: tenant) {
                    $0.rest.lifetime.ttl = .seconds(3_600)
                }
                func list(_ query: EnvironmentQuery) async throws -> [String] {
                    try await names(fixture, tenant, query)
                }
                #expect(try await list(EnvironmentQuery()) == ["a", "b", "c", "d"])
                #expect(try await list(EnvironmentQuery(type: .staging)) == ["c"])
                #expect(try await list(EnvironmentQuery(service: ServiceName("shop"))) == ["b"])
                #expect(try await list(EnvironmentQuery(phase: .ready)) == [])
                let selector = try LabelSelector(parsing: "team=x")
                #expect(
                    try await list(EnvironmentQuery(ListQuery(selector: selector))) == ["a"]
                )
                let page = try await fixture.storage.environments.list(
                    EnvironmentQuery(ListQuery(limit: 3)),
                    of: tenant.id,
                    as: .system
                )
                #expect(page.items.count == 3 && page.hasMore)
                let after = page.items.last?.position(by: .name)
                #expect(try await list(EnvironmentQuery(ListQuery(after: after))) == ["d"])
                let usage = try await fixture.storage.environments.usage(of: tenant.id)
                #expect(usage.environments.count(where: \.isAwake) == 4)
                let inMain = try await fixture.storage.environments.names(
                    in: ClusterName("main"),
                    of: tenant.id
                )
                #expect(inMain == ["a", "b", "c", "d"])
            }
        }

        @Test func `what ends soon is listed over all tenants, to those who may see it`()
            async throws
        {
            try await Fixture.run { fixture in
                let acme = try await fixture.tenant("acme")
                let other = try await fixture.tenant("other")
                for (number, tenant) in [acme, other, acme, other].enumerated() {
                    try await fixture.environment("e\(number)", of: tenant) {
                        $0.rest.lifetime.ttl = .seconds(Int64(number + 1) * 3_600)
                    }
                }
                try await fixture.environment("endless", of: acme) { $0.type = .production }
                let store = fixture.storage.environments
                func expiring(
                    _ query: ExpiringQuery,
                    as access: Access = .system
                ) async throws -> Page<StoredEnvironment> {
                    try await store.expiring(query, as: access)
                }
                let before = Fixture.hour(4)
                let first = try await expiring(ExpiringQuery(before: before, limit: 2))
                #expect(first.items.map(\.name) == ["e0", "e1"] && first.hasMore)
                let last = try #require(first.items.last)
                let position = ExpiringQuery.Position(
                    expiresAt: try #require(last.expiresAt),
                    id: last.id
                )
                let second = try await expiring(
                    ExpiringQuery(before: before, after: position, limit: 2)
                )
                #expect(second.items.map(\.name) == ["e2"] && !second.hasMore)
                let own = try await expiring(
                    ExpiringQuery(before: before),
                    as: .tenant(acme.id, .viewer)
                )
                #expect(own.items.map(\.name) == ["e0", "e2"])
            }
        }

        @Test func `records are listed newest first, by state and by page`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                var made = try await fixture.environment("pr-7", of: tenant)
                for number in 2...5 {
                    try await fixture.refresh(made, image: "shop:\(number)")
                    made = try await fixture.current(made)
                }
                let store = fixture.storage.deployments
                let query = DeploymentQuery(of: .environment(made.id), limit: 3)
                let page = try await store.list(query, of: tenant.id, as: .system)
                #expect(page.items.count == 3 && page.hasMore)
                let last = try #require(page.items.last)
                var rest = query
                rest.after = last.position
                let more = try await store.list(rest, of: tenant.id, as: .system)
                #expect((page.items + more.items).map(\.number) == [5, 4, 3, 2, 1])
                let running = DeploymentQuery(of: .environment(made.id), state: .running)
                let found = try await store.list(running, of: tenant.id, as: .system)
                #expect(found.items.map(\.number) == [5])
                let byNumber = try await store.find(number: 5, of: made.id, as: .system)
                #expect(byNumber == found.items.first)
                let foreign = Access.tenant(Fixture.id(), .viewer)
                #expect(try await store.find(last.id, as: foreign) == nil)
            }
        }
    }
}
