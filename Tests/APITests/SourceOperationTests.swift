import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// How sources and forges are made and changed.
    @Suite struct SourceOperationTests {
        private static let sources = "/v1/tenants/acme/sources"
        private static let shop = "\(sources)/shop"

        private static func ping(_ key: String) -> SentHook {
            SentHook(.github, "ping", key: key, #"{"repository":{"full_name":"acme/shop"}}"#)
        }

        @Test func `POST makes a source once, and shows its secret once`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let body = #"{"name":"cart","spec":{"forge":"github","repository":"acme/cart"}}"#
                let plan = try await platform.send(
                    .post,
                    "\(Self.sources)?dryRun=true",
                    json: body
                )
                #expect(plan.status == 200 && plan.json["action"] == "create", "\(plan.text)")
                let key = [(HeaderName.idempotencyKey, "one")]
                let made = try await platform.send(.post, Self.sources, json: body, key)
                #expect(made.status == 201 && made.json["secret"]?.string?.count == 64)
                #expect(made.headers[.location] == "\(Self.sources)/cart")
                #expect(made.headers[.cacheControl] == "no-store")
                let again = try await platform.send(.post, Self.sources, json: body, key)
                #expect(again.status == 201 && again.json["secret"]?.isNull == true)
                let taken = try await platform.send(.post, Self.sources, json: body)
                #expect(taken.status == 409 && taken.code == "name-taken", "\(taken.text)")
                let strange = #"{"name":"x","spec":{"forge":"none","repository":"acme/x"}}"#
                let refused = try await platform.send(.post, Self.sources, json: strange)
                #expect(refused.status == 422, "\(refused.text)")
                #expect(refused.json["errors"]?[0]?["pointer"] == "/spec/forge")
            }
        }

        @Test func `a forge says which repositories can be sources of whom`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let rules = #"{"spec":{"kind":"github","sources":["${TENANT}/*","shared/*"]}}"#
                let ruled = try await platform.send(.put, "/v1/forges/github", json: rules)
                #expect(ruled.json["spec"]?["sources"]?.array?.count == 2, "\(ruled.text)")
                for (tenant, repository, status) in [
                    ("acme", "Acme/cart", 201), ("acme", "shared/lib", 201),
                    ("acme", "globex/shop", 422), ("globex", "globex/other", 201),
                    ("globex", "acme/cart", 422),
                ] {
                    let name = repository.lowercased().replacing("/", with: "-")
                    let made = try await platform.send(
                        .put,
                        "/v1/tenants/\(tenant)/sources/\(name)",
                        json: #"{"spec":{"forge":"github","repository":"\#(repository)"}}"#
                    )
                    #expect(made.status == status, "\(tenant) \(made.text)")
                    if status == 422 { #expect(made.pointers == ["/spec/repository"]) }
                }
                let open = #"{"spec":{"kind":"github","sources":null}}"#
                let opened = try await platform.send(.put, "/v1/forges/github", json: open)
                #expect(opened.json["spec"]?["sources"]?.isNull == true, "\(opened.text)")
            }
        }

        @Test func `what Slipway keeps for a tenant is nobody's source`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.database.run(
                    """
                    UPDATE tenant SET forge_id = (SELECT id FROM forge WHERE name = 'github'),
                        spec = jsonb_set(spec::jsonb, '{repository}', '{"forge": "github",
                            "owner": "Platform", "name": "globex", "onDelete": "keep"}')::json
                     WHERE name = 'globex'
                    """
                )
                let refused = try await platform.send(
                    .put,
                    "\(Self.sources)/theirs?dryRun=true",
                    json: #"{"spec":{"forge":"github","repository":"platform/GLOBEX"}}"#
                )
                #expect(refused.pointers == ["/spec/repository"], "\(refused.text)")
            }
        }

        @Test func `PATCH changes what it says and nothing else`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let before = try await platform.send(.get, Self.shop)
                let change = #"{"spec":{"pullRequests":{"drafts":false},"service":null}}"#
                let after = try await platform.send(.patch, Self.shop, json: change)
                #expect(after.status == 200, "\(after.text)")
                #expect(after.json["spec"]?["pullRequests"]?["drafts"]?.bool == false)
                #expect(after.json["spec"]?["service"]?.isNull == true)
                #expect(after.json["spec"]?["repository"] == before.json["spec"]?["repository"])
                #expect(after.json["secret"]?.isNull == true)
                // What is stored proves deliveries still.
                #expect(try await platform.deliver(Self.ping("one")).status == 200)
                let odd = try await platform.send(.patch, Self.shop, json: #"{"spec":{"x":1}}"#)
                #expect(odd.status == 422)
                let none = try await platform.send(.patch, "\(Self.sources)/none", json: change)
                #expect(none.status == 404)
                let same = try await platform.send(.patch, Self.shop, json: change)
                #expect(same.status == 200 && same.headers["ETag"] == after.headers["ETag"])
            }
        }

        @Test func `a new secret counts at once, and the one before for a day`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let path = "\(Self.shop):rotate-secret"
                let key = [(HeaderName.idempotencyKey, "one")]
                let rotated = try await platform.send(.post, path, key)
                #expect(rotated.status == 200, "\(rotated.text)")
                let secret = try #require(rotated.json["secret"]?.string)
                #expect(rotated.json["status"]?["previousSecretUntil"]?.string != nil)
                let again = try await platform.send(.post, path, key)
                #expect(again.status == 200 && again.json["secret"]?.isNull == true)
                let fresh = try await platform.deliver(Self.ping("one"), secret: secret)
                #expect(fresh.status == 200, "\(fresh.text)")
                #expect(try await platform.deliver(Self.ping("two")).status == 200)
                platform.clock.advance(by: .seconds(86_401))
                #expect(try await platform.deliver(Self.ping("three")).status == 404)
                let late = try await platform.deliver(Self.ping("four"), secret: secret)
                #expect(late.status == 200)
            }
        }

        @Test func `a secret that is sent counts alone and at once`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let rotated = try await platform.send(.post, "\(Self.shop):rotate-secret")
                let secret = try #require(rotated.json["secret"]?.string)
                let own = "another secret, as long"
                let sent = #"{"spec":{"secret":"\#(own)"}}"#
                let changed = try await platform.send(.patch, Self.shop, json: sent)
                #expect(changed.status == 200 && !changed.text.contains(own))
                #expect(changed.json["status"]?["previousSecretUntil"]?.isNull == true)
                for old in [secret, Platform.hookSecret] {
                    let refused = try await platform.deliver(Self.ping(old), secret: old)
                    #expect(refused.status == 404)
                }
                #expect(try await platform.deliver(Self.ping("one"), secret: own).status == 200)
                let stored = try platform.database.run(
                    "SELECT 1 FROM source WHERE previous_secret IS NOT NULL"
                )
                #expect(stored.isEmpty)
            }
        }

        @Test func `forges are made by POST and changed by PATCH, which keeps the token`()
            async throws
        {
            try await Platform.run { platform in
                let body = #"{"name":"own","spec":{"kind":"gitlab","token":"glpat-very-secret"}}"#
                let made = try await platform.send(.post, "/v1/forges", json: body)
                #expect(made.status == 201, "\(made.text)")
                #expect(made.headers[.location] == "/v1/forges/own")
                let taken = try await platform.send(.post, "/v1/forges", json: body)
                #expect(taken.status == 409 && taken.code == "name-taken")
                let labels = try await platform.send(
                    .patch,
                    "/v1/forges/own",
                    json: #"{"labels":{"team":"platform"}}"#
                )
                #expect(labels.status == 200, "\(labels.text)")
                #expect(labels.json["status"]?["hasToken"]?.bool == true)
                let elsewhere = try await platform.send(
                    .patch,
                    "/v1/forges/own",
                    json: #"{"spec":{"url":"https://evil.example/api/v4"}}"#
                )
                #expect(elsewhere.status == 422, "\(elsewhere.text)")
                let silent = try await platform.send(
                    .patch,
                    "/v1/forges/own",
                    json: #"{"spec":{"token":null}}"#
                )
                #expect(silent.json["status"]?["phase"] == "silent", "\(silent.text)")
                let none = try await platform.send(.patch, "/v1/forges/none", json: "{}")
                #expect(none.status == 404)
            }
        }
    }
}
