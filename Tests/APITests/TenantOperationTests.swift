import Domain
import HTTP
import JSON
import Testing

@testable import API

extension PlatformTests {
    /// The conventions on tenants, the model of all resources.
    @Suite struct TenantOperationTests {
        private static let body = #"{"name":"initech","spec":{"blueprint":"platform"}}"#

        @Test func `a creation is accepted with its job and fills in the defaults`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(.post, "/v1/tenants", json: Self.body)
                #expect(reply.status == 202)
                let job = try #require(reply.json["status"]?["job"]?.string)
                #expect(reply.headers[.location] == "/v1/jobs/\(job)")
                #expect(reply.headers[.etag] == "\"1\"")
                #expect(reply.json["spec"]?["parameters"]?["replicas"]?.int == 2)
                let read = try await platform.send(.get, "/v1/tenants/initech")
                #expect(read.json == reply.json)
            }
        }

        @Test func `the same key gives the first answer again and another payload is refused`()
            async throws
        {
            try await Platform.run { platform in
                let key = [(HeaderName.idempotencyKey, "\"k-1\"")]
                let first = try await platform.send(.post, "/v1/tenants", json: Self.body, key)
                let again = try await platform.send(.post, "/v1/tenants", json: Self.body, key)
                #expect(first.status == 202)
                #expect(again.status == 202)
                #expect(again.body == first.body)
                #expect(again.headers[.location] == first.headers[.location])
                let other = try await platform.send(
                    .post,
                    "/v1/tenants",
                    json: #"{"name":"other","spec":{"blueprint":"platform"}}"#,
                    key
                )
                #expect(other.status == 422)
                #expect(other.code == "idempotency-key-reused")
                let taken = try await platform.send(.post, "/v1/tenants", json: Self.body)
                #expect(taken.code == "name-taken")
            }
        }

        @Test(arguments: [
            ("/v1/tenants", #"{"name":"acme","spec":{"blueprint":"platform"}}"#),
            ("/v1/blueprints", #"{"name":"platform","spec":{"source":{"url":"/srv/p.git"}}}"#),
        ])
        func `a plan for a name that is taken is refused as the call would be`(
            path: String,
            body: String
        ) async throws {
            try await Platform.run { platform in
                for target in [path, path + "?dryRun=true"] {
                    let reply = try await platform.send(.post, target, json: body)
                    #expect(reply.status == 409)
                    #expect(reply.code == "name-taken")
                }
            }
        }

        @Test func `a repeated patch gets its first answer although it changed what it asked for`()
            async throws
        {
            try await Platform.run { platform in
                let fields: [(HeaderName, String)] = [
                    (.idempotencyKey, "p-1"), (.ifMatch, "\"1\""),
                    (.contentType, "application/merge-patch+json"),
                ]
                let patch = #"{"spec":{"owners":["ops@acme.example"]}}"#
                let first = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: patch,
                    fields
                )
                let again = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: patch,
                    fields
                )
                #expect(first.status == 202)
                #expect(again.status == 202)
                #expect(again.body == first.body)
            }
        }

        @Test func `all faults are named at once with the nearest names`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(
                    .post,
                    "/v1/tenants",
                    json: """
                        {"name":"Bad_Name","labls":{},"spec":{"blueprint":"platform",
                         "owners":["",3],"suspendet":true,"status":"x"}}
                        """
                )
                #expect(reply.status == 422)
                #expect(
                    Set(reply.pointers) == [
                        "/name", "/labls", "/spec/owners/0", "/spec/owners/1", "/spec/suspendet",
                        "/spec/status",
                    ]
                )
                #expect(reply.text.contains("Did you mean `labels`?"))
                #expect(reply.text.contains("Did you mean `suspended`?"))
            }
        }

        @Test func `parameters are checked by the version's schema`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(
                    .post,
                    "/v1/tenants",
                    json: """
                        {"name":"initech","spec":{"blueprint":"platform",
                         "parameters":{"replicas":0,"x":1}}}
                        """
                )
                #expect(reply.status == 422)
                #expect(reply.pointers.contains("/spec/parameters/replicas"))
                let defective = try await platform.send(
                    .post,
                    "/v1/tenants",
                    json: #"{"name":"i","spec":{"blueprint":"platform","version":"1.1.0"}}"#
                )
                #expect(defective.pointers == ["/spec/version"])
                let unknown = try await platform.send(
                    .post,
                    "/v1/tenants",
                    json: #"{"name":"i","spec":{"blueprint":"nothing"}}"#
                )
                #expect(unknown.pointers == ["/spec/blueprint"])
            }
        }

        @Test func `a blueprint that was not read yet is a conflict that says when to come back`()
            async throws
        {
            try await Platform.run { platform in
                let source = #"{"name":"fresh","spec":{"source":{"url":"/srv/fresh.git"}}}"#
                let made = try await platform.send(.post, "/v1/blueprints", json: source)
                #expect(made.status == 202)
                let reply = try await platform.send(
                    .post,
                    "/v1/tenants",
                    json: #"{"name":"initech","spec":{"blueprint":"fresh"}}"#
                )
                #expect(reply.status == 409)
                #expect(reply.code == "state-conflict")
                #expect(reply.headers[.retryAfter] == "1")
                #expect(reply.text.contains("/v1/blueprints/fresh"))
            }
        }

        @Test func `no new tenant is called as the catalog calls what belongs to none`()
            async throws
        {
            try await Platform.run { platform in
                let body = Self.body.replacing("initech", with: "default")
                let posted = try await platform.send(.post, "/v1/tenants", json: body)
                let put = try await platform.send(.put, "/v1/tenants/default", json: body)
                for reply in [posted, put] {
                    #expect(reply.code == "invalid-input", "\(reply.text)")
                    #expect(reply.pointers == ["/name"], "\(reply.text)")
                }
            }
        }

        @Test func `a dry run answers the plan and changes nothing`() async throws {
            try await Platform.run { platform in
                let plan = try await platform.send(
                    .post,
                    "/v1/tenants?dryRun=true",
                    json: Self.body
                )
                #expect(plan.status == 200)
                #expect(plan.json["action"]?.string == "create")
                #expect(plan.json["job"]?["steps"] == ["first"])
                let read = try await platform.send(.get, "/v1/tenants/initech")
                #expect(read.status == 404)
                let change = try await platform.send(
                    .patch,
                    "/v1/tenants/acme?dryRun=true",
                    json: #"{"spec":{"displayName":"Acme Ltd"}}"#
                )
                #expect(change.json["changes"]?[0]?["pointer"]?.string == "/spec/displayName")
            }
        }

        @Test func `the same declaration twice changes nothing the second time`() async throws {
            try await Platform.run { platform in
                let wish = #"{"spec":{"blueprint":"platform","displayName":"Acme"}}"#
                let first = try await platform.send(.put, "/v1/tenants/acme", json: wish)
                let again = try await platform.send(.put, "/v1/tenants/acme", json: wish)
                #expect(first.status == 202)
                #expect(again.status == 200)
                #expect(again.headers[.etag] == first.headers[.etag])
                let new = try await platform.send(
                    .put,
                    "/v1/tenants/initech",
                    json: wish,
                    [(.ifNoneMatch, "*")]
                )
                #expect(new.status == 202)
                let exists = try await platform.send(
                    .put,
                    "/v1/tenants/initech",
                    json: wish,
                    [(.ifNoneMatch, "*")]
                )
                #expect(exists.status == 412)
                let admin = Platform.Holder(role: .tenantAdmin, tenant: "acme")
                let own = try await platform.send(
                    .put,
                    "/v1/tenants/fresh",
                    as: admin,
                    json: wish
                )
                #expect(own.status == 404)
            }
        }

        @Test func `a stale ETag is told and a current one is taken`() async throws {
            try await Platform.run { platform in
                let read = try await platform.send(.get, "/v1/tenants/acme")
                let tag = try #require(read.headers[.etag])
                let same = try await platform.send(
                    .get,
                    "/v1/tenants/acme",
                    [(.ifNoneMatch, "\"0\", W/\(tag)")]
                )
                #expect(same.status == 304)
                #expect(same.body.isEmpty)
                let stale = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: #"{"labels":{"tier":"gold"}}"#,
                    [(.ifMatch, "\"99\"")]
                )
                #expect(stale.status == 412)
                let taken = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: #"{"labels":{"tier":"gold"}}"#,
                    [(.ifMatch, tag)]
                )
                #expect(taken.status == 200)
                let list = try await platform.send(.get, "/v1/tenants?labelSelector=tier%3Dgold")
                #expect(list.json["items"]?.array?.count == 1)
            }
        }

        @Test func `a patch removes with null and knows no unknown names`() async throws {
            try await Platform.run { platform in
                _ = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: #"{"labels":{"a":"1","b":"2"},"spec":{"displayName":"X"}}"#
                )
                let reply = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: #"{"labels":{"a":null},"spec":{"displayName":null}}"#
                )
                #expect(reply.json["labels"] == ["b": "2"])
                #expect(reply.json["spec"]?["displayName"]?.string == "acme")
                let unknown = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: #"{"spec":{"ownrs":null}}"#
                )
                #expect(unknown.pointers == ["/spec/ownrs"])
                let fixed = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: #"{"spec":{"blueprint":"other"}}"#
                )
                #expect(fixed.status == 422)
            }
        }

        @Test func `a protected tenant stays and an unprotected one is taken down`() async throws {
            try await Platform.run { platform in
                _ = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: #"{"spec":{"deleteProtection":true}}"#
                )
                let refused = try await platform.send(.delete, "/v1/tenants/acme")
                #expect(refused.code == "delete-protected")
                let gone = try await platform.send(.delete, "/v1/tenants/globex")
                #expect(gone.status == 202)
                #expect(gone.json["status"]?["phase"]?.string == "deleting")
                let again = try await platform.send(.delete, "/v1/tenants/globex")
                #expect(again.status == 202)
                #expect(again.headers[.location] == gone.headers[.location])
            }
        }

        @Test func `pages follow each other and a cursor keeps to its list`() async throws {
            try await Platform.run { platform in
                let first = try await platform.send(.get, "/v1/tenants?limit=1&sort=-name")
                #expect(first.json["items"]?[0]?["name"]?.string == "globex")
                let cursor = try #require(first.json["next"]?.string)
                #expect(first.headers[.link]?.contains("rel=\"next\"") == true)
                let second = try await platform.send(
                    .get,
                    "/v1/tenants?limit=1&sort=-name&cursor=\(cursor)"
                )
                #expect(second.json["items"]?[0]?["name"]?.string == "acme")
                #expect(second.json["next"] == .null)
                let other = try await platform.send(.get, "/v1/tenants?limit=1&cursor=\(cursor)")
                #expect(other.code == "invalid-cursor")
            }
        }

        @Test(arguments: [
            ("application/json", "", 400, "invalid-json"),
            ("application/json", #"{"name":"a","name":"b"}"#, 400, "invalid-json"),
            ("text/plain", "{}", 415, "unsupported-media-type"),
            ("application/json; charset=latin1", "{}", 415, "unsupported-media-type"),
            ("application/json", "[]", 422, "invalid-input"),
        ])
        func `a body that is no JSON object is refused`(
            type: String,
            body: String,
            status: Int,
            code: String
        ) async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(
                    .post,
                    "/v1/tenants",
                    json: body,
                    [(.contentType, type)]
                )
                #expect(reply.status == status)
                #expect(reply.code == code)
            }
        }
    }
}
