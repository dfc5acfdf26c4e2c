import Domain
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct AuditStoreTests {
        private func refusal(_ operation: String, tenant: TenantID?) -> AuditEntry {
            AuditEntry(
                id: 0,
                at: Fixture.start,
                token: nil,
                actor: "anonymous",
                operation: operation,
                object: ObjectReference(kind: .tenant, id: nil, name: "acme"),
                tenant: tenant,
                result: .denied,
                code: "not-found",
                peer: "::1",
                requestID: "r-9"
            )
        }

        @Test func `changes and refusals are listed, the newest first`() async throws {
            try await Fixture.run { fixture in
                let tenant = try await fixture.tenant("acme")
                let audit = fixture.storage.audit
                try await audit.record([
                    refusal("deleteTenant", tenant: tenant.id), refusal("getTenant", tenant: nil),
                ])
                let all = try await audit.list(AuditQuery(), as: .system)
                #expect(
                    all.items.map(\.operation) == ["getTenant", "deleteTenant", "test", "test"]
                )
                let denied = try await audit.list(AuditQuery(result: .denied), as: .system)
                #expect(denied.items.map(\.code) == ["not-found", "not-found"])
                let actor = try await audit.list(AuditQuery(actor: "tester"), as: .system)
                #expect(actor.items.map(\.object) == [tenant.reference])
                let first = try await audit.list(AuditQuery(limit: 1), as: .system)
                #expect(first.hasMore)
                let next = try await audit.list(
                    AuditQuery(before: first.items.last?.id, limit: 1),
                    as: .system
                )
                #expect(next.items.map(\.operation) == ["deleteTenant"])
            }
        }

        @Test func `administrators of a tenant read what happened to it alone`() async throws {
            try await Fixture.run { fixture in
                let own = try await fixture.tenant("own")
                try await fixture.tenant("other")
                let audit = fixture.storage.audit
                let page = try await audit.list(AuditQuery(), as: .tenant(own.id, .tenantAdmin))
                #expect(page.items.map(\.object.name) == ["own"])
                let query = AuditQuery(tenant: try TenantName(parsing: "other"))
                #expect(
                    try await audit.list(query, as: .tenant(own.id, .tenantAdmin)).items.isEmpty
                )
                #expect(
                    try await audit.list(AuditQuery(), as: .tenant(own.id, .viewer)).items.isEmpty
                )
            }
        }

        @Test(arguments: ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
        func `nothing in the audit log can be changed or removed`(statement: String) async throws {
            try await Fixture.run { fixture in
                try await fixture.tenant("acme")
                let before = try fixture.count("audit")
                #expect(throws: (any Error).self) { try fixture.database.run(statement) }
                #expect(try fixture.count("audit") == before)
            }
        }
    }
}
