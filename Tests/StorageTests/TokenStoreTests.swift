import Domain
import Secrets
import TestSupport
import Testing

@testable import Storage

extension StorageTests {
    struct TokenStoreTests {
        private func token(
            _ name: String,
            _ role: Role,
            of tenant: Tenant? = nil,
            lifetime: Duration = .seconds(60 * 86_400)
        ) -> AccessToken {
            AccessToken(
                id: Fixture.id(),
                name: name,
                prefix: "slp_abcd",
                role: role,
                tenant: tenant.map { TenantReference(id: $0.id, name: $0.name.text) },
                createdAt: Fixture.start,
                createdBy: "tester",
                expiresAt: Fixture.start.advanced(by: lifetime)
            )
        }

        private func hash(_ token: AccessToken) -> [UInt8] {
            SHA256.hash("secret of \(token.name)")
        }

        @Test func `a token is known by its hash until it is revoked`() async throws {
            try await Fixture.run { fixture in
                let tokens = fixture.storage.tokens
                let tenant = try await fixture.tenant("acme")
                var token = token("ci", .ci, of: tenant)
                token.groups = [GroupName("on-call"), GroupName("release-managers")]
                let call = fixture.call()
                _ = try await tokens.create(
                    token,
                    hash: hash(token),
                    event: Fixture.id(),
                    for: call
                )
                try fixture.database.run(
                    "UPDATE access_token SET expires_at = now() + interval '1 day'"
                )
                let principal = try #require(try await tokens.principal(ofTokenHash: hash(token)))
                #expect(principal.token == token.id)
                #expect(principal.access == .tenant(tenant.id, .ci))
                #expect(principal.groups == Set(token.groups))
                #expect(try await tokens.principal(ofTokenHash: SHA256.hash("another")) == nil)
                let outcome = try await tokens.revoke(
                    token,
                    replacing: 1,
                    event: Fixture.id(),
                    for: call
                )
                #expect(outcome == .written)
                #expect(try await tokens.principal(ofTokenHash: hash(token)) == nil)
                let found = try #require(try await tokens.find(token.id, as: .system))
                #expect(found.token.revokedAt == call.at && found.token.revision == 2)
                #expect(found.token.groups == token.groups)
            }
        }

        @Test func `an expired token is nobody's`() async throws {
            try await Fixture.run { fixture in
                let token = token("old", .platformViewer)
                _ = try await fixture.storage.tokens.create(
                    token,
                    hash: hash(token),
                    event: Fixture.id(),
                    for: fixture.call()
                )
                try fixture.database.run(
                    """
                    UPDATE access_token
                       SET created_at = now() - interval '2 s', expires_at = now()
                    """
                )
                #expect(try await fixture.storage.tokens.principal(ofTokenHash: hash(token)) == nil)
            }
        }

        @Test func `people of a tenant give and see tokens of that tenant only`() async throws {
            try await Fixture.run { fixture in
                let own = try await fixture.tenant("own")
                let other = try await fixture.tenant("other")
                let tokens = fixture.storage.tokens
                let call = fixture.call(as: .tenant(own.id, .tenantAdmin))
                for refused in [token("p", .platformViewer), token("o", .viewer, of: other)] {
                    await #expect(throws: StorageFault.notFound) {
                        try await tokens.create(
                            refused,
                            hash: hash(refused),
                            event: Fixture.id(),
                            for: call
                        )
                    }
                }
                let mine = token("mine", .ci, of: own)
                let theirs = token("theirs", .ci, of: other)
                _ = try await tokens.create(mine, hash: hash(mine), event: Fixture.id(), for: call)
                _ = try await tokens.create(
                    theirs,
                    hash: hash(theirs),
                    event: Fixture.id(),
                    for: fixture.call()
                )
                let list = try await tokens.list(ListQuery(), as: call.access)
                #expect(list.items.map(\.token.name) == ["mine"])
                #expect(list.items.first?.token.tenant?.name == "own")
                await #expect(throws: StorageFault.notFound) {
                    try await tokens.revoke(theirs, replacing: 1, event: Fixture.id(), for: call)
                }
            }
        }

        @Test func `the first administrator's token is stored once`() async throws {
            try await Fixture.run { fixture in
                let tokens = fixture.storage.tokens
                for (number, isStored) in [true, false, false].enumerated() {
                    var first = token("admin-\(number)", .platformAdmin)
                    first.expiresAt = nil
                    let stored = try await tokens.bootstrap(
                        first,
                        hash: hash(first),
                        event: Fixture.id(),
                        for: .system("serve")
                    )
                    #expect(stored == isStored)
                }
                #expect(try fixture.count("access_token") == 1)
            }
        }

        @Test func `use is noted to the minute and only forward`() async throws {
            try await Fixture.run { fixture in
                let tokens = fixture.storage.tokens
                let token = token("ci", .platformViewer)
                _ = try await tokens.create(
                    token,
                    hash: hash(token),
                    event: Fixture.id(),
                    for: fixture.call()
                )
                let use = Fixture.start.advanced(by: .seconds(90))
                try await tokens.noteUse(of: [token.id], at: use)
                try await tokens.noteUse(of: [token.id], at: Fixture.start)
                let found = try #require(try await tokens.find(token.id, as: .system))
                #expect(found.token.lastUsedAt == Fixture.start.advanced(by: .seconds(60)))
                #expect(found.token.revision == 1)
            }
        }
    }
}
