import Domain
import JSON
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct TenantStoreTests {
        @Test func `a created tenant is found with job, event, audit entry and receipt`()
            async throws
        {
            try await Fixture.run { fixture in
                let decision = try fixture.creation(of: "acme", labels: [("tier", "gold")])
                let outcome = try await fixture.storage.tenants.create(
                    decision,
                    for: fixture.call(receipt: fixture.receipt("k"))
                )
                #expect(outcome == .written)
                let found = try #require(
                    try await fixture.storage.tenants.find(decision.tenant.name, as: .system)
                )
                #expect(try found.tenant() == decision.tenant)
                let job = try #require(decision.job)
                let stored = try #require(try await fixture.storage.jobs.find(job.id, as: .system))
                #expect(stored.kind == .tenantProvision && stored.state == .available)
                #expect(stored.subject == decision.tenant.reference)
                #expect(try fixture.count("event", where: "type LIKE '%tenant.requested'") == 1)
                #expect(try fixture.count("audit", where: "object_name = 'acme'") == 1)
                #expect(try fixture.count("receipt") == 1)
            }
        }

        @Test func `a taken name leaves nothing behind`() async throws {
            try await Fixture.run { fixture in
                try await fixture.tenant("acme")
                let again = try fixture.creation(of: "acme")
                await #expect(throws: StorageFault.nameTaken) {
                    try await fixture.storage.tenants.create(
                        again,
                        for: fixture.call(receipt: fixture.receipt("k"))
                    )
                }
                #expect(try fixture.count("receipt") == 0)
                #expect(try fixture.count("job", where: "kind = 'tenant.provision'") == 1)
            }
        }

        @Test func `a tenant of a blueprint that is gone is refused`() async throws {
            try await Fixture.run { fixture in
                var tenant = try fixture.creation(of: "acme").tenant
                tenant.blueprint = Fixture.id()
                let decision = Tenant.creation(
                    id: tenant.id,
                    name: tenant.name,
                    labels: tenant.labels,
                    spec: tenant.spec,
                    blueprint: Fixture.id(),
                    on: Fixture.occasion()
                )
                await #expect(throws: StorageFault.missingReference) {
                    try await fixture.storage.tenants.create(decision, for: fixture.call())
                }
            }
        }

        private static func forgeSpec(keeps: Bool) -> ForgeSpec {
            ForgeSpec(
                kind: .gitea,
                url: "https://git.example.com/api/v1",
                hasToken: false,
                repositories: keeps ? ForgeRepositories(owner: "platform") : nil
            )
        }

        @Test func `a forge that is changed meanwhile keeps the repository of no new tenant`()
            async throws
        {
            try await Fixture.run { fixture in
                let store = fixture.storage.forges
                let keep = ForgeSecretsChange(token: .keep, key: .keep)
                let made = Forge.creation(
                    id: Fixture.id(),
                    name: ForgeName("own"),
                    labels: Labels(),
                    spec: Self.forgeSpec(keeps: true),
                    on: Fixture.occasion()
                )
                let none = ForgeSecretsChange(token: .remove, key: .remove)
                _ = try await store.create(made, secrets: none, for: fixture.call())
                let choice = RepositoryChoice(
                    forge: made.forge.name,
                    owner: "platform",
                    name: "acme"
                )
                _ = try await fixture.tenant("acme") { $0.repository = choice }

                func leaving(_ forge: Forge) throws -> Forge.Decision {
                    try #require(
                        forge.change(
                            labels: forge.labels,
                            spec: Self.forgeSpec(keeps: false),
                            renewsSecrets: false,
                            on: Fixture.occasion()
                        )
                    )
                }
                // Whoever looked before there was a tenant.
                let decision = try leaving(made.forge)
                await #expect(throws: StorageFault.inUse) {
                    try await store.store(
                        decision,
                        secrets: keep,
                        leavesTenants: true,
                        replacing: 1,
                        for: fixture.call()
                    )
                }
                try fixture.database.run(
                    """
                    UPDATE tenant
                       SET forge_id = NULL, spec = (spec::jsonb - 'repository')::json
                    """
                )
                _ = try await store.store(
                    decision,
                    secrets: keep,
                    leavesTenants: true,
                    replacing: 1,
                    for: fixture.call()
                )
                // Whoever looked before the forge was changed.
                await #expect(throws: StorageFault.missingReference) {
                    _ = try await fixture.tenant("globex") { spec in
                        spec.repository = choice
                        spec.repository?.name = "globex"
                    }
                }
                #expect(try fixture.count("tenant", where: "name = 'globex'") == 0)
            }
        }

        @Test func `a change needs the revision that it was decided on`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                var spec = tenant.spec
                spec.displayName = "Acme Inc."
                let decision = try #require(
                    try tenant.change(labels: tenant.labels, spec: spec, on: Fixture.occasion())
                )
                let outcome = try await fixture.storage.tenants.store(
                    decision,
                    permission: .updateTenant,
                    replacing: 1,
                    for: fixture.call()
                )
                #expect(outcome == .written)
                let found = try #require(
                    try await fixture.storage.tenants.find(tenant.name, as: .system)
                )
                #expect(try found.tenant() == decision.tenant)
                #expect(found.revision == 2 && found.generation == 2)
                await #expect(throws: StorageFault.stale(current: 2)) {
                    try await fixture.storage.tenants.store(
                        decision,
                        permission: .updateTenant,
                        replacing: 1,
                        for: fixture.call()
                    )
                }
                #expect(try fixture.count("job", where: "kind = 'tenant.update'") == 1)
            }
        }

        @Test func `of many changes from one revision exactly one is stored`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decisions = try (0..<20).map { number in
                    var spec = tenant.spec
                    spec.displayName = "Acme \(number)"
                    return try #require(
                        try tenant.change(
                            labels: tenant.labels,
                            spec: spec,
                            on: Fixture.occasion()
                        )
                    )
                }
                let written = await withTaskGroup(of: Bool.self) { group in
                    for decision in decisions {
                        group.addTask {
                            // Those that lose are refused; what they are told is tested above.
                            let outcome = try? await fixture.storage.tenants.store(
                                decision,
                                permission: .updateTenant,
                                replacing: 1,
                                for: fixture.call()
                            )
                            return outcome == .written
                        }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(written == 1)
                #expect(try fixture.count("job", where: "kind = 'tenant.update'") == 1)
                #expect(try fixture.count("audit", where: "object_kind = 'tenant'") == 2)
            }
        }

        @Test func `deleting asks the other jobs of the tenant to end`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decision = try #require(try tenant.deletion(on: Fixture.occasion()))
                _ = try await fixture.storage.tenants.store(
                    decision,
                    permission: .deleteTenant,
                    replacing: 1,
                    for: fixture.call()
                )
                let unwanted = "cancel_requested_at IS NOT NULL"
                #expect(
                    try fixture.count("job", where: "kind = 'tenant.provision' AND \(unwanted)")
                        == 1
                )
                #expect(
                    try fixture.count("job", where: "kind = 'tenant.delete' AND NOT \(unwanted)")
                        == 1
                )
            }
        }

        @Test func `a job that waits for a person ends when a newer one does what is wanted now`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try fixture.database.run("UPDATE job SET state = 'stalled', reason = 'conflict'")
                var spec = tenant.spec
                spec.suspended = true
                let decision = try #require(
                    try tenant.change(labels: tenant.labels, spec: spec, on: Fixture.occasion())
                )
                _ = try await fixture.storage.tenants.store(
                    decision,
                    permission: .updateTenant,
                    replacing: 1,
                    for: fixture.call()
                )
                let unwanted = "cancel_requested_at IS NOT NULL"
                #expect(
                    try fixture.count("job", where: "kind = 'tenant.provision' AND \(unwanted)")
                        == 1
                )
                let ended = try await JobQueue(fixture.storage.database).endUnwanted(batch: 10)
                #expect(ended == 1)
                // What the overtaken job did not do says nothing of the tenant any more.
                #expect(try fixture.count("tenant", where: "phase = 'pending'") == 1)
            }
        }

        @Test func `a deletion that was given up can be asked for anew`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let deletion = try #require(try tenant.deletion(on: Fixture.occasion()))
                let store = fixture.storage.tenants
                _ = try await store.store(
                    deletion,
                    permission: .deleteTenant,
                    replacing: 1,
                    for: fixture.call()
                )
                let queue = JobQueue(fixture.storage.database)
                _ = try await queue.endUnwanted(batch: 10)
                let job = try #require(deletion.job)
                #expect(try await queue.cancel(job.id) == .ended)
                #expect(try fixture.count("tenant", where: "phase = 'degraded'") == 1)
                var left = deletion.tenant
                left.status.phase = .degraded
                #expect(try left.deletion(on: Fixture.occasion())?.job != nil)
            }
        }

        @Test func `people of a tenant see and change it and no other`() async throws {
            try await Fixture.run { fixture in
                let own = try await fixture.tenant("own")
                let other = try await fixture.tenant("other")
                let access = Access.tenant(own.id, .tenantAdmin)
                let store = fixture.storage.tenants
                #expect(try await store.find(own.name, as: access) != nil)
                #expect(try await store.find(other.name, as: access) == nil)
                #expect(try await store.find(other.id, as: access) == nil)
                let list = try await store.list(TenantQuery(), as: access)
                #expect(list.items.map(\.name) == ["own"])
                var spec = other.spec
                spec.displayName = "Taken over"
                let decision = try #require(
                    try other.change(labels: other.labels, spec: spec, on: Fixture.occasion())
                )
                await #expect(throws: StorageFault.notFound) {
                    try await store.store(
                        decision,
                        permission: .updateTenant,
                        replacing: 1,
                        for: fixture.call(as: access)
                    )
                }
                await #expect(throws: StorageFault.notFound) {
                    try await store.create(
                        try fixture.creation(of: "third"),
                        for: fixture.call(as: access)
                    )
                }
                #expect(
                    try fixture.count(
                        "audit",
                        where: "operation = 'test' AND object_name = 'other'"
                    )
                        == 1
                )
            }
        }
    }
}

extension StorageTests {
    struct IdempotencyTests {
        @Test func `a repeated call gets the first answer and has no second effect`() async throws {
            try await Fixture.run { fixture in
                let receipt = fixture.receipt("k")
                let first = try await fixture.storage.tenants.create(
                    try fixture.creation(of: "acme"),
                    for: fixture.call(receipt: receipt)
                )
                var repeated = receipt
                repeated.answer.body = Array("{\"second\":true}".utf8)
                let second = try await fixture.storage.tenants.create(
                    try fixture.creation(of: "acme"),
                    for: fixture.call(receipt: repeated)
                )
                #expect(first == .written)
                #expect(second == .replayed(receipt.answer))
                let found = try await fixture.storage.receipts.answer(
                    forKey: "k",
                    fingerprint: receipt.fingerprint,
                    of: fixture.token
                )
                #expect(found == receipt.answer)
                #expect(try fixture.count("tenant") == 1)
            }
        }

        @Test func `a key with another payload is refused`() async throws {
            try await Fixture.run { fixture in
                _ = try await fixture.storage.tenants.create(
                    try fixture.creation(of: "acme"),
                    for: fixture.call(receipt: fixture.receipt("k"))
                )
                let other = fixture.receipt("k", payload: "other")
                await #expect(throws: StorageFault.keyReused) {
                    try await fixture.storage.tenants.create(
                        try fixture.creation(of: "beta"),
                        for: fixture.call(receipt: other)
                    )
                }
                await #expect(throws: StorageFault.keyReused) {
                    try await fixture.storage.receipts.answer(
                        forKey: "k",
                        fingerprint: other.fingerprint,
                        of: fixture.token
                    )
                }
                #expect(try fixture.count("tenant") == 1)
            }
        }

        @Test func `the same key of another token is another key`() async throws {
            try await Fixture.run { fixture in
                var call = fixture.call(receipt: fixture.receipt("k"))
                _ = try await fixture.storage.tenants.create(
                    try fixture.creation(of: "acme"),
                    for: call
                )
                call.token = Fixture.id()
                let outcome = try await fixture.storage.tenants.create(
                    try fixture.creation(of: "beta"),
                    for: call
                )
                #expect(outcome == .written)
            }
        }

        private func attempt(
            _ decision: Tenant.Decision,
            _ receipt: Receipt,
            _ fixture: Fixture
        ) async -> String {
            do throws(StorageFault) {
                let outcome = try await fixture.storage.tenants.create(
                    decision,
                    for: fixture.call(receipt: receipt)
                )
                return outcome == .written ? "written" : "replayed"
            } catch {
                return error == .keyInProgress ? "in progress" : "\(error)"
            }
        }

        @Test func `of 50 equal calls at once one has an effect`() async throws {
            try await Fixture.run { fixture in
                let receipt = fixture.receipt("k")
                let decisions = try (0..<50).map { _ in try fixture.creation(of: "acme") }
                let outcomes = await withTaskGroup(of: String.self) { group in
                    for decision in decisions {
                        group.addTask { await attempt(decision, receipt, fixture) }
                    }
                    return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
                }
                #expect(outcomes["written"] == 1)
                let known: Set = ["written", "replayed", "in progress"]
                #expect(known.isSuperset(of: outcomes.keys), "\(outcomes)")
                #expect(try fixture.count("tenant") == 1)
                #expect(try fixture.count("job", where: "kind = 'tenant.provision'") == 1)
                #expect(try fixture.count("event", where: "subject_kind = 'tenant'") == 1)
                #expect(try fixture.count("audit", where: "object_kind = 'tenant'") == 1)
                #expect(try fixture.count("receipt") == 1)
            }
        }

        @Test func `a call whose key is held by another transaction is told so`() async throws {
            try await Fixture.run { fixture in
                let receipt = fixture.receipt("k")
                let call = fixture.call(receipt: receipt)
                let decision = try fixture.creation(of: "acme")
                let other = try fixture.creation(of: "other")
                let statement = ChangeStatement(
                    call: call,
                    object: decision.tenant.reference,
                    tenant: nil
                )
                let sql = statement.sql(
                    changing: TenantStore.insertion(of: decision.tenant, where: statement.isNew)
                )
                _ = try await fixture.storage.database.transaction { transaction in
                    try await transaction.execute(sql)
                    await #expect(throws: StorageFault.keyInProgress) {
                        try await fixture.storage.tenants.create(other, for: call)
                    }
                }
                let outcome = try await fixture.storage.tenants.create(other, for: call)
                #expect(outcome == .replayed(receipt.answer))
            }
        }

        @Test func `a refused change keeps no receipt, and the key stays free`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decision = try #require(try tenant.suspension(true, on: Fixture.occasion()))
                let call = fixture.call(receipt: fixture.receipt("k"))
                await #expect(throws: StorageFault.stale(current: 1)) {
                    try await fixture.storage.tenants.store(
                        decision,
                        permission: .suspendTenant,
                        replacing: 9,
                        for: call
                    )
                }
                #expect(try fixture.count("receipt") == 0)
                let outcome = try await fixture.storage.tenants.store(
                    decision,
                    permission: .suspendTenant,
                    replacing: 1,
                    for: call
                )
                #expect(outcome == .written)
            }
        }

        @Test func `receipts leave after their lifetime`() async throws {
            try await Fixture.run { fixture in
                for name in ["acme", "beta"] {
                    _ = try await fixture.storage.tenants.create(
                        try fixture.creation(of: name),
                        for: fixture.call(receipt: fixture.receipt(name))
                    )
                }
                try fixture.database.run(
                    "UPDATE receipt SET made_at = now() - interval '25 hours' WHERE key = 'acme'"
                )
                #expect(try await fixture.storage.receipts.removeOld(batch: 10) == 1)
                #expect(try fixture.count("receipt", where: "key = 'beta'") == 1)
            }
        }
    }
}
