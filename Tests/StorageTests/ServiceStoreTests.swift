import Domain
import JSON
import Postgres
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct ServiceStoreTests {
        @Test func `a service is stored once, with its job, event and audit entry`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let decision = try fixture.serviceCreation("db", of: tenant)
                let call = fixture.call(receipt: fixture.receipt("one"))
                #expect(try await fixture.storage.services.create(decision, for: call) == .written)
                let again = try fixture.serviceCreation("db", of: tenant)
                guard
                    case .replayed = try await fixture.storage.services.create(again, for: call)
                else {
                    Issue.record("the second call made another service")
                    return
                }
                await #expect(throws: StorageFault.nameTaken) {
                    try await fixture.storage.services.create(again, for: fixture.call())
                }
                #expect(try fixture.count("service_instance") == 1)
                #expect(try fixture.count("job", where: "kind = 'service.deliver'") == 1)
                let told = "type = 'dev.slipway.service.requested'"
                #expect(try fixture.count("event", where: told) == 1)
                let found = try await fixture.storage.services.find(
                    decision.service.id,
                    as: .system
                )
                #expect(try #require(found).service() == decision.service)
            }
        }

        @Test func `nobody sees or changes services of another tenant`() async throws {
            try await Fixture.run { fixture in
                let acme = try await fixture.tenant("acme")
                let other = try await fixture.tenant("other")
                let service = try await fixture.service("db", of: acme)
                let binding = try await fixture.binding("shop", to: service)
                let stranger = Access.tenant(other.id, .tenantAdmin)
                let storage = fixture.storage
                #expect(try await storage.services.find(service.id, as: stranger) == nil)
                #expect(try await storage.bindings.find(binding.id, as: stranger) == nil)
                let page = try await storage.services.list(
                    ServiceQuery(),
                    of: acme.id,
                    as: stranger
                )
                #expect(page.items.isEmpty)
                await #expect(throws: StorageFault.notFound) {
                    try await storage.services.store(
                        service.removal(because: .tenant, on: Fixture.occasion()),
                        permission: .deleteService,
                        replacing: service.revision,
                        for: fixture.call(as: stranger)
                    )
                }
            }
        }

        @Test func `a quota holds against whoever is faster`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                try fixture.database.run(
                    """
                    UPDATE tenant SET spec =
                        (spec::jsonb || '{"quotas":{"services":{"total":1}}}')::json
                    """
                )
                try await fixture.service("db", of: tenant)
                let second = try fixture.serviceCreation("queue", of: tenant)
                do {
                    _ = try await fixture.storage.services.create(second, for: fixture.call())
                    Issue.record("the tenant has more than it may")
                } catch StorageFault.serviceRefused(.overQuota(let standings)) {
                    #expect(standings.map(\.name) == ["services.total"])
                }
            }
        }

        @Test func `a service with a binding is not deleted unseen`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let service = try await fixture.service("db", of: tenant)
                let decision = try #require(
                    try service.deletion(by: "ann", waits: false, on: Fixture.occasion())
                )
                let binding = try await fixture.binding("shop", to: service)
                let bound = StorageFault.serviceRefused(.isBound([binding.name]))
                await #expect(throws: bound) {
                    try await fixture.remove(decision, .refuse)
                }
                #expect(try await fixture.remove(decision, .revoke) == .written)
                #expect(try fixture.count("job", where: "kind = 'binding.revoke'") == 1)
                let late = try fixture.bindingCreation("late", to: service)
                await #expect(throws: StorageFault.serviceRefused(.isDeleting)) {
                    try await fixture.storage.bindings.create(late, for: fixture.call())
                }
            }
        }

        @Test func `the end of a service goes on with that of its last binding`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let service = try await fixture.service("db", of: tenant)
                let binding = try await fixture.binding("shop", to: service)
                let decision = try #require(
                    try service.deletion(by: "ann", waits: true, on: Fixture.occasion())
                )
                #expect(try await fixture.remove(decision, .wait) == .written)
                try fixture.database.run(
                    """
                    UPDATE job SET state = 'running', worker = gen_random_uuid()
                     WHERE kind = 'service.delete'
                    """
                )
                try fixture.database.run(
                    """
                    UPDATE job SET state = 'waiting', worker = NULL, waiting_on = 'bindings',
                           waiting_since = now(), run_at = now() + interval '1 hour'
                     WHERE kind = 'service.delete'
                    """
                )
                for _ in 1...2 {
                    try await fixture.write([.bindingRemoved], about: binding.reference, of: tenant)
                }
                #expect(try fixture.count("service_binding") == 0)
                let released = "kind = 'service.delete' AND state = 'available'"
                #expect(try fixture.count("job", where: released) == 1)
                for _ in 1...2 {
                    try await fixture.write([.serviceRemoved], about: service.reference, of: tenant)
                }
                #expect(try fixture.count("service_instance") == 0)
                let gone = "type = 'dev.slipway.service.deleted'"
                #expect(try fixture.count("event", where: gone) == 1)
            }
        }

        @Test func `a delivery that ends twice is told once`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let service = try await fixture.service("db", of: tenant)
                let facts: [StepFact] = [
                    .servicePlaced(cluster: ClusterName("main"), namespace: "s-db"),
                    .serviceBegun(1),
                    .serviceEnded(ServiceOutcome(1, .succeeded, detail: "There.")),
                ]
                for _ in 1...2 {
                    try await fixture.write(facts, about: service.reference, of: tenant)
                }
                let now = try await fixture.current(service)
                #expect(now.status.phase == .ready && now.status.namespace == "s-db")
                #expect(try fixture.count("event", where: "type LIKE '%service.ready'") == 1)
            }
        }

        @Test func `with its tenant everything goes`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let service = try await fixture.service("db", of: tenant)
                try await fixture.binding("shop", to: service)
                for _ in 1...2 {
                    try await fixture.write([.removeServices], about: tenant.reference, of: tenant)
                }
                #expect(try fixture.count("job", where: "kind = 'service.delete'") == 1)
                #expect(try fixture.count("job", where: "kind = 'binding.revoke'") == 1)
            }
        }

        @Test func `an environment takes with it what belongs to it`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let environment = try await fixture.environment("pr-7", of: tenant)
                let own = try await fixture.service("own", of: tenant) { order in
                    order.environment = environment.name
                    order.deleteProtection = true
                }
                let shared = try await fixture.service("shared", of: tenant)
                try await fixture.binding("pr-7", to: shared, for: environment.name)
                let decision = try #require(
                    try environment.deletion(by: "ann", on: Fixture.occasion())
                )
                let kept = StorageFault.environmentRefused(.keepsServices([own.name]))
                await #expect(throws: kept) {
                    try await fixture.store(decision, replacing: environment.revision)
                }
                try fixture.database.run(
                    """
                    UPDATE service_instance SET spec =
                        (spec::jsonb || '{"deleteProtection":false}')::json
                    """
                )
                _ = try await fixture.store(decision, replacing: environment.revision)
                #expect(try await fixture.current(own).status.phase == .deleting)
                #expect(try await fixture.current(shared).status.phase == .pending)
                #expect(try fixture.count("job", where: "kind = 'binding.revoke'") == 1)
                let left = try await fixture.storage.services.count(
                    around: environment.name,
                    of: tenant.id
                )
                #expect(left == 2)
            }
        }

        @Test func `a service is degraded when seen so twice, and ready again at once`()
            async throws
        {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let made = try await fixture.service("db", of: tenant)
                try await fixture.write(
                    [.serviceEnded(ServiceOutcome(1, .succeeded, detail: "There."))],
                    about: made.reference,
                    of: tenant
                )
                let store = fixture.storage.services
                // As a version left it that knew of no looks.
                try fixture.database.run("DELETE FROM service_look")
                let told: [StepFact] = [.serviceSettled(generation: 1)]
                try await fixture.write(told, about: made.reference, of: tenant)
                try fixture.database.run("UPDATE service_look SET look_at = now()")
                let due = try await store.takeLooks(limit: 10)
                #expect(due.map(\.name) == [made.name])
                #expect(try await store.takeLooks(limit: 10).isEmpty)
                let service = try #require(due.first)
                let ready = SeenCondition(
                    type: "Ready",
                    status: .false,
                    reason: "Missing",
                    message: "Waiting for Secret/db."
                )
                let lacking = EnvironmentObservation(isReady: false, conditions: [ready])
                #expect(try await !store.record(lacking, of: service))
                #expect(try await store.record(lacking, of: service))
                let degraded = try await fixture.current(service)
                #expect(degraded.status.phase == .degraded)
                #expect(try await !store.record(lacking, of: degraded))
                #expect(try await store.record(EnvironmentObservation(isReady: true), of: degraded))
                #expect(try await fixture.current(service).status.phase == .ready)
                let events = "type LIKE '%service.degraded' AND data::text LIKE '%Secret/db%'"
                #expect(try fixture.count("event", where: events) == 1)
                #expect(try fixture.count("event", where: "type LIKE '%service.ready'") == 2)
            }
        }

        @Test func `a credential that is renewed by itself is told`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let service = try await fixture.service("db", of: tenant)
                let binding = try await fixture.binding("shop", to: service)
                let times = CredentialRotation(every: nil, overlap: .seconds(600))
                try await fixture.write(
                    [
                        .credentialBegun(1, service.terms, times),
                        .credentialSwitched(1, secret: nil, revision: nil),
                    ],
                    about: binding.reference,
                    of: tenant
                )
                let store = fixture.storage.bindings
                let looked = try #require(try await store.all(of: service.id).first)
                try await store.record([.credentialRenewed(1)], of: looked)
                // One that looked at another credential says nothing.
                try await store.record([.credentialRenewed(1)], of: binding)
                let told = "type LIKE '%binding.credential-renewed'"
                #expect(try fixture.count("event", where: told) == 1)
            }
        }

        @Test func `credentials rotate and go when their time has come, each once`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let service = try await fixture.service("db", of: tenant)
                try await fixture.write(
                    [.serviceEnded(ServiceOutcome(1, .succeeded, detail: "There."))],
                    about: service.reference,
                    of: tenant
                )
                let binding = try await fixture.binding("shop", to: service)
                func issue(_ number: Int64) async throws {
                    let times = CredentialRotation(every: .seconds(7_200), overlap: .seconds(600))
                    try await fixture.write(
                        [
                            .credentialBegun(number, service.terms, times),
                            .credentialSwitched(number, secret: nil, revision: nil),
                        ],
                        about: binding.reference,
                        of: tenant
                    )
                }
                func sweep(_ hours: Int) async throws -> [JobKind] {
                    // The facts above are written by the database's clock.
                    let now = try await fixture.now().advanced(by: .seconds(Int64(hours) * 3_600))
                    return try await fixture.storage.bindings.sweep(at: now).begun.map(\.job)
                }
                try await issue(1)
                #expect(try await sweep(1) == [])
                #expect(try await sweep(3) == [.bindingIssue])
                #expect(try await sweep(3) == [])
                try await issue(2)
                #expect(try await sweep(1) == [.bindingRetire])
                #expect(try await sweep(1) == [])
                try await fixture.write(
                    [.credentialRetired(1)],
                    about: binding.reference,
                    of: tenant
                )
                let found = try await fixture.storage.bindings.find(binding.id, as: .system)
                let status = try #require(found).binding().status
                #expect(status.current?.number == 2 && status.retiring.isEmpty)
            }
        }
    }
}
