import Contract
import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// What stays of a tenant that is gone, and who sees it.
    @Suite struct FormerTenantTests {
        private static let lists = ["jobs", "events", "audit"]

        /// Deletes acme, and makes another tenant of the name.
        private func replaceAcme(_ platform: Platform) async throws {
            let wait = [(HeaderName.prefer, "wait=30")]
            let path = "/v1/tenants/acme"
            let removal = [Workflow.done(.tenantDelete, [.tenantRemoved])]
            try await platform.working(removal) {
                let gone = try await platform.send(.delete, path, wait)
                #expect(gone.status == 204, "\(gone.text)")
            }
            for list in Self.lists {
                let left = try await items(platform, list, as: .admin)
                #expect(!left.isEmpty, "\(list) forgot the tenant")
            }
            let body = #"{"name":"acme","spec":{"blueprint":"platform"}}"#
            let made = try await platform.send(.post, "/v1/tenants", json: body)
            #expect(made.status == 202)
        }

        private func items(
            _ platform: Platform,
            _ list: String,
            as holder: Platform.Holder
        ) async throws -> [JSON] {
            try await platform.placeEvents()
            let reply = try await platform.send(
                .get,
                "/v1/\(list)?tenant=acme&limit=500",
                as: holder
            )
            #expect(reply.status == 200, "\(reply.text)")
            return reply.json["items"]?.array ?? []
        }

        @Test func `a token ends with its tenant`() async throws {
            try await Platform.run { platform in
                let holder = Platform.Holder(role: .developer, tenant: "acme")
                let me = try await platform.send(.get, "/v1/me", as: holder)
                #expect(me.json["tenant"]?.string == "acme")
                try await replaceAcme(platform)
                for path in ["/v1/me", "/v1/tenants", "/v1/jobs"] {
                    let reply = try await platform.send(.get, path, as: holder)
                    #expect(reply.status == 401, "\(path): \(reply.text)")
                }
            }
        }

        @Test func `a remembered token of a tenant that is gone is nobody's`() async throws {
            try await Platform.run { platform in
                let holder = Platform.Holder(role: .developer, tenant: "acme")
                _ = try await platform.send(.get, "/v1/me", as: holder)
                try platform.database.run("DELETE FROM tenant WHERE name = 'acme'")
                let reply = try await platform.send(.get, "/v1/me", as: holder)
                #expect(reply.status == 401, "\(reply.text)")
            }
        }

        @Test func `a name finds all who had it for the platform, and one for its tenant`()
            async throws
        {
            try await Platform.run { platform in
                let before = try await platform.send(.get, "/v1/tenants/acme")
                try await replaceAcme(platform)
                let after = try await platform.send(.get, "/v1/tenants/acme")
                let old = try #require(before.json["id"]?.string)
                let new = try #require(after.json["id"]?.string)
                var platform = platform
                let heir = Platform.Holder(role: .tenantAdmin, tenant: "acme")
                try await platform.makeTokens([heir])
                for list in Self.lists {
                    let all = try await items(platform, list, as: .admin)
                    let own = try await items(platform, list, as: heir)
                    let text = all.map(\.description).joined(separator: "\n")
                    #expect(text.contains(old) && text.contains(new), "\(list): \(text)")
                    #expect(!own.isEmpty && own.count < all.count, "\(list)")
                    #expect(!own.map(\.description).joined().contains(old), "\(list)")
                }
            }
        }
    }
}
