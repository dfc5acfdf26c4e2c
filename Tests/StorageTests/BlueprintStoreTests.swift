import Domain
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct BlueprintStoreTests {
        private func discover(_ version: String, state: String, in fixture: Fixture) throws {
            let key = try #require(SemanticVersion(version)).sortKey
            try fixture.database.run(
                """
                INSERT INTO blueprint_version (
                    id, blueprint_id, version, sort_key, tag, commit, state,
                                               parameters, summary, created_at, updated_at)
                SELECT gen_random_uuid(), id, '\(version)', '\(key)', 'v\(version)',
                       repeat('a', 40),
                       '\(state)', '{"type":"object"}', '', now(), now()
                  FROM blueprint
                """
            )
        }

        @Test func `a blueprint is found as it was stored, without its credentials`() async throws {
            try await Fixture.run { fixture in
                let store = fixture.storage.blueprints
                let found = try #require(try await store.find(fixture.blueprint.name, as: .system))
                #expect(try found.blueprint() == fixture.blueprint)
                #expect(
                    try await store.credentials(of: fixture.blueprint.id, as: .system) == "sealed"
                )
                await #expect(throws: StorageFault.notFound) {
                    try await store.credentials(
                        of: fixture.blueprint.id,
                        as: .platform(.platformAdmin)
                    )
                }
            }
        }

        @Test func `a change keeps, replaces or removes the credentials`() async throws {
            try await Fixture.run { fixture in
                let store = fixture.storage.blueprints
                var blueprint = fixture.blueprint
                let steps: [(CredentialsChange, String?)] = [
                    (.keep, "sealed"), (.replace(sealed: "other"), "other"), (.remove, nil),
                ]
                for (change, expected) in steps {
                    blueprint.spec.url += "x"
                    var spec = blueprint.spec
                    spec.displayName = "\(change)"
                    let decision = try #require(
                        blueprint.change(
                            labels: blueprint.labels,
                            spec: spec,
                            changesCredentials: true,
                            on: Fixture.occasion()
                        )
                    )
                    _ = try await store.store(
                        decision,
                        credentials: change,
                        replacing: blueprint.revision,
                        for: fixture.call()
                    )
                    blueprint = decision.blueprint
                    #expect(try await store.credentials(of: blueprint.id, as: .system) == expected)
                }
            }
        }

        @Test func `a blueprint that tenants are made from stays`() async throws {
            try await Fixture.run { fixture in
                try await fixture.tenant("acme")
                let store = fixture.storage.blueprints
                let deletion = fixture.blueprint.deletion(on: Fixture.occasion())
                await #expect(throws: StorageFault.inUse) {
                    try await store.remove(deletion, replacing: 1, for: fixture.call())
                }
                try fixture.database.run("DELETE FROM tenant")
                await #expect(throws: StorageFault.stale(current: 1)) {
                    try await store.remove(deletion, replacing: 2, for: fixture.call())
                }
                let outcome = try await store.remove(deletion, replacing: 1, for: fixture.call())
                #expect(outcome == .written)
                #expect(try await store.find(fixture.blueprint.name, as: .system) == nil)
            }
        }

        @Test func `people of a tenant see its blueprint and no other`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let other = Blueprint.creation(
                    id: Fixture.id(),
                    name: try BlueprintName(parsing: "other"),
                    labels: Labels(),
                    spec: BlueprintSpec(url: "/srv/other.git"),
                    on: Fixture.occasion()
                )
                let store = fixture.storage.blueprints
                _ = try await store.create(other, credentials: .remove, for: fixture.call())
                let access = Access.tenant(tenant.id, .tenantAdmin)
                #expect(try await store.list(ListQuery(), as: access).items.map(\.name) == ["base"])
                #expect(try await store.find(other.blueprint.name, as: access) == nil)
                let everything = try await store.list(ListQuery(), as: .system)
                #expect(everything.items.map(\.name) == ["base", "other"])
                await #expect(throws: StorageFault.nameTaken) {
                    let again = Blueprint.creation(
                        id: Fixture.id(),
                        name: other.blueprint.name,
                        labels: Labels(),
                        spec: other.blueprint.spec,
                        on: Fixture.occasion()
                    )
                    return try await store.create(
                        again,
                        credentials: .remove,
                        for: fixture.call()
                    )
                }
            }
        }

        @Test func `versions are listed by precedence, page by page`() async throws {
            try await Fixture.run { fixture in
                for version in ["1.0.0", "1.10.0", "1.2.0", "2.0.0-rc.1", "2.0.0"] {
                    try discover(version, state: "proposed", in: fixture)
                }
                let store = fixture.storage.versions
                var names: [String] = []
                var after: BlueprintVersion?
                repeat {
                    let page = try await store.list(
                        of: fixture.blueprint.name,
                        after: after,
                        limit: 2,
                        as: .system
                    )
                    names += page.items.map(\.version)
                    after = page.hasMore ? page.items.last : nil
                } while after != nil
                #expect(names == ["2.0.0", "2.0.0-rc.1", "1.10.0", "1.2.0", "1.0.0"])
            }
        }

        @Test func `a new default takes over, and the blueprint says so`() async throws {
            try await Fixture.run { fixture in
                try discover("1.0.0", state: "default", in: fixture)
                try discover("1.1.0", state: "proposed", in: fixture)
                let store = fixture.storage.versions
                let name = fixture.blueprint.name
                let next = try #require(try await store.find("1.1.0", of: name, as: .system))
                let call = fixture.call(receipt: fixture.receipt("k"))
                for expected in [WriteOutcome.written, .replayed(fixture.receipt("k").answer)] {
                    let outcome = try await store.setState(
                        .default,
                        of: next,
                        in: name,
                        replacing: 1,
                        event: Fixture.id(),
                        for: call
                    )
                    #expect(outcome == expected)
                }
                let found = try await store.findDefault(of: name, as: .system)
                #expect(found?.version == "1.1.0")
                let former = try await store.find("1.0.0", of: name, as: .system)
                #expect(former?.state == .proposed)
                let stored = try #require(
                    try await fixture.storage.blueprints.find(name, as: .system)
                )
                let blueprint = try stored.blueprint()
                #expect(blueprint.status.defaultVersion == "1.1.0")
                await #expect(throws: StorageFault.stale(current: 2)) {
                    try await store.setState(
                        .defective,
                        of: next,
                        in: name,
                        replacing: 1,
                        event: Fixture.id(),
                        for: fixture.call()
                    )
                }
            }
        }
    }
}

extension StorageTests {
    struct SmallStoreTests {
        @Test func `a setting is what the first process brought`() async throws {
            try await Fixture.run { fixture in
                let settings = fixture.storage.settings
                let first = try await settings.value(of: "key", orFirst: [1])
                let second = try await settings.value(of: "key", orFirst: [2])
                #expect(first == [1] && second == [1])
            }
        }

        @Test func `an inventory remembers until it is told to forget`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let inventory = fixture.storage.inventory
                let item = InventoryStore.Item(
                    driver: "gitops",
                    kind: "repository",
                    name: "platform"
                )
                try await inventory.note([item], of: tenant.id)
                try await inventory.note([item], of: tenant.id)
                #expect(try await inventory.items(of: tenant.id) == [item])
                #expect(try await inventory.items(of: tenant.id, driver: "other").isEmpty)
                #expect(throws: (any Error).self) { try fixture.database.run("DELETE FROM tenant") }
                try await inventory.forget([item], of: tenant.id)
                #expect(try await inventory.items(of: tenant.id).isEmpty)
            }
        }
    }
}
