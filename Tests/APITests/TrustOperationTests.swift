import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Trusts, and what the tokens of pipelines can and cannot do; whose signatures are good is
    /// tested where they are checked.
    @Suite struct TrustOperationTests {
        private static let trust = "/v1/tenants/acme/trusts/shop-ci"
        private static let environments = "/v1/tenants/acme/environments"
        private static let push =
            #"{"spec":{"service":"shop","images":{"app":"r.example/shop:2"}}}"#
        private static let other =
            #"{"repository":"acme/other","ref":"refs/heads/main","run_id":"9"}"#

        /// A token of the pull request's run, as the header that it is sent in.
        private static func token(
            _ platform: Platform,
            _ subject: String = "run"
        ) async throws -> [(HeaderName, String)] {
            let reply = try await platform.exchange(subject)
            #expect(reply.status == 200, "\(reply.text)")
            let token = try #require(reply.json["access_token"]?.string)
            try platform.letTokensLive()
            return [(.authorization, "Bearer \(token)")]
        }

        @Test func `a run gets a token for minutes, which nobody may keep a copy of`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let reply = try await platform.exchange("run")
                #expect(reply.headers[.cacheControl] == "no-store")
                #expect(reply.json["token_type"]?.string == "Bearer")
                #expect(reply.json["expires_in"]?.int == 900)
                let token = try #require(reply.json["access_token"]?.string)
                try platform.letTokensLive()
                let bearer = [(HeaderName.authorization, "Bearer \(token)")]
                let me = try await platform.send(.get, "/v1/me", as: nil, bearer)
                #expect(me.json["role"]?.string == "ci" && me.json["tenant"]?.string == "acme")
                let allowed = me.json["operations"]?.array?.compactMap(\.string) ?? []
                #expect(allowed.contains("replaceEnvironment"))
                for never in ["receiveGitPack", "createClusterKubeconfig", "createToken"] {
                    #expect(!allowed.contains(never), "\(never)")
                }
                let audit = try await platform.send(.get, "/v1/audit?operation=exchangeToken")
                let actor = audit.json["items"]?[0]?["actor"]?["name"]?.string
                #expect(actor == "shop-ci: acme/shop@refs/pull/7/merge run 4711")
                #expect(!audit.text.contains(token))
                let shown = try await platform.send(.get, Self.trust)
                #expect(shown.json["status"]?["lastUsedAt"]?.string != nil)
            }
        }

        @Test func `an issuer's token works once, and nobody learns whose trusts there are`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                _ = try await Self.token(platform)
                let again = try await platform.exchange("run")
                #expect(again.status == 400 && again.code == "token-refused", "\(again.text)")
                #expect(again.json["error"]?.string == "invalid_grant")
                #expect(again.headers[.contentType] == "application/json")
                let foreign = try await platform.exchange(Self.other, for: "globex")
                let nowhere = try await platform.exchange(Self.other, for: "nobody")
                let told = foreign.json["detail"]?.string
                #expect(told == nowhere.json["detail"]?.string?.replacing("nobody", with: "globex"))
                #expect(told?.contains("repository `acme/other`") == true)
                let target = #"{"repository":"acme/shop","event_name":"pull_request_target"}"#
                #expect(try await platform.exchange(target).status == 400)
                let elsewhere = #"{"repository":"acme/shop","aud":"https://other.example"}"#
                #expect(try await platform.exchange(elsewhere).status == 400)
            }
        }

        @Test(arguments: [
            ("", "unsupported_grant_type"), ("&actor_token=x", "invalid_request"),
            ("&scope=tokens:manage", "invalid_scope"), ("&subject_token=2", "invalid_request"),
        ])
        func `what is no exchange is answered in the words of OAuth`(
            more: String,
            error: String
        ) async throws {
            try await Platform.run { platform in
                let reply =
                    more.isEmpty
                    ? try await platform.send(
                        .post,
                        "/v1/token-exchange",
                        as: nil,
                        json: "grant_type=password&unknown=1",
                        [(.contentType, "application/x-www-form-urlencoded")]
                    ) : try await platform.exchange("run", for: "acme", more)
                #expect(reply.status == 400)
                #expect(reply.json["error"]?.string == error, "\(reply.text)")
            }
        }

        @Test func `the token makes what its trust allows, and it knows whose source that is`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let run = try await Self.token(platform)
                let made = try await platform.send(
                    .put,
                    "\(Self.environments)/pr-8",
                    as: nil,
                    json: Self.push,
                    run
                )
                #expect(made.status == 202, "\(made.text)")
                let source = made.json["spec"]?["source"]?["repository"]?.string
                #expect(source == "https://github.com/acme/shop")
                #expect(made.json["spec"]?["lifetime"]?["ttl"]?.string == "3d")
                let again = try await platform.send(
                    .put,
                    "\(Self.environments)/pr-8",
                    as: nil,
                    json: Self.push,
                    run
                )
                #expect(again.status == 200, "\(again.text)")
                let gone = try await platform.send(
                    .delete,
                    "\(Self.environments)/pr-8",
                    as: nil,
                    run
                )
                #expect(gone.status == 202, "\(gone.text)")
            }
        }

        @Test func `what is beyond the trust is refused, also for a plan, and changes nothing`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let run = try await Self.token(platform)
                let pr = "\(Self.environments)/pr-8"
                _ = try await platform.send(.put, pr, as: nil, json: Self.push, run)
                let source = #"{"spec":{"source":{"repository":"https://github.com/acme/other"}}}"#
                let tries: [(Method, String, String?)] = [
                    (.put, "\(Self.environments)/new", #"{"spec":{"type":"production"}}"#),
                    (
                        .put, "\(Self.environments)/own",
                        #"{"spec":{"placement":{"kind":"vcluster"}}}"#
                    ),
                    (.put, "\(Self.environments)/pr-7", Self.push),
                    (.delete, "\(Self.environments)/pr-7", nil),
                    (.post, "\(Self.environments)/staging:promote", #"{"from":"pr-8"}"#),
                    (.post, "\(Self.environments)/staging:rollback", #"{"to":1}"#),
                    (.post, "\(Self.environments)/staging:sleep", nil),
                    (.delete, "\(Self.environments)/staging", nil),
                    (.patch, pr, source),
                    (.patch, pr, #"{"spec":{"lifetime":{"ttl":"10d"}}}"#),
                    (.post, "\(pr):extend", #"{"for":"9d"}"#),
                ]
                for (method, path, body) in tries {
                    for target in [path, "\(path)?dryRun=true"] {
                        let reply = try await platform.send(
                            method,
                            target,
                            as: nil,
                            json: body,
                            run
                        )
                        let isRefused = [403, 409, 422].contains(reply.status)
                        #expect(isRefused, "\(method) \(target) \(reply.text)")
                    }
                }
                let retyped = try await platform.send(
                    .patch,
                    pr,
                    as: nil,
                    json: #"{"spec":{"type":"production"}}"#,
                    run
                )
                #expect(retyped.status == 422)
                let rows = try platform.database.run(
                    "SELECT count(*) FROM environment WHERE type = 'ephemeral' AND revision = 1"
                )
                #expect(rows[0][0] == "3")
            }
        }

        @Test func `neither use nor agreement to a plan reaches beyond the trust`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let run = try await Self.token(platform)
                func post(_ path: String, _ body: String? = nil) async throws -> Reply {
                    try await platform.send(.post, path, as: nil, json: body, run)
                }
                let pr = "\(Self.environments)/pr-8"
                _ = try await platform.send(.put, pr, as: nil, json: Self.push, run)
                for other in ["pr-7", "staging"] {
                    let used = try await post("\(Self.environments)/\(other):use")
                    #expect(used.code == "beyond-trust", "\(used.text)")
                }
                let own = try await post("\(pr):use")
                #expect(own.status == 204, "\(own.text)")
                let plan = try await platform.send(
                    .post,
                    "\(Self.environments)/staging:plan",
                    json: #"{"rollback":{"to":1}}"#
                )
                let path = try #require(plan.headers[.location], "\(plan.text)")
                try platform.database.run(
                    """
                    UPDATE environment
                       SET spec = jsonb_set(spec::jsonb, '{approvals}', '{"required":1,\
                    "roles":["ci"],"fourEyes":true,"expiresAfter":"24h"}')::json
                     WHERE name = 'staging'
                    """
                )
                let agreed = try await post("\(path):approve", "{}")
                #expect(agreed.code == "beyond-trust", "\(agreed.text)")
            }
        }

        @Test func `another repository's token does not reach the environments of the first`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let run = try await Self.token(platform)
                _ = try await platform.send(
                    .put,
                    "\(Self.environments)/pr-8",
                    as: nil,
                    json: Self.push,
                    run
                )
                let second = try await platform.send(
                    .put,
                    "/v1/tenants/acme/trusts/other-ci",
                    json: """
                        {"spec":{"issuer":"\(APIFederation.issuer)","repository":"acme/other"}}
                        """
                )
                #expect(second.status == 201, "\(second.text)")
                let stranger = try await Self.token(platform, Self.other)
                for (method, body) in [(Method.put, Self.push), (.delete, nil)] {
                    let reply = try await platform.send(
                        method,
                        "\(Self.environments)/pr-8",
                        as: nil,
                        json: body,
                        stranger
                    )
                    #expect(reply.status == 403 && reply.code == "beyond-trust", "\(reply.text)")
                }
            }
        }

        @Test func `a pipeline's token sees its tenant alone, and makes no tokens and no trusts`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let run = try await Self.token(platform)
                let hidden: [(Method, String, String?)] = [
                    (.get, "/v1/tenants/globex", nil),
                    (.get, "/v1/tenants/globex/environments/pr-7", nil),
                    (.put, "/v1/tenants/globex/environments/pr-7", Self.push),
                    (.post, "/v1/tokens", #"{"name":"x","spec":{"role":"ci","tenant":"acme"}}"#),
                    (.get, "/v1/tokens", nil), (.get, Self.trust, nil),
                    (.patch, Self.trust, #"{"spec":{"ttlMax":"90d"}}"#),
                    (.post, "/v1/tenants/acme/clusters/main/kubeconfig", "{}"),
                    (.get, "/git/acme/platform.git/info/refs?service=git-receive-pack", nil),
                    (.get, "/v1/audit", nil), (.get, "/v1/webhooks", nil),
                ]
                for (method, path, body) in hidden {
                    let reply = try await platform.send(method, path, as: nil, json: body, run)
                    #expect([401, 404].contains(reply.status), "\(path) \(reply.text)")
                }
                let own = try await platform.send(.get, Self.environments, as: nil, run)
                #expect(own.json["items"]?.array?.count == 2)
            }
        }

        @Test func `a trust makes no more than its number at once`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let narrowed = try await platform.send(
                    .patch,
                    Self.trust,
                    json: #"{"spec":{"environmentsMax":1}}"#
                )
                #expect(narrowed.status == 200, "\(narrowed.text)")
                let run = try await Self.token(platform)
                let first = "\(Self.environments)/pr-8"
                let made = try await platform.send(.put, first, as: nil, json: Self.push, run)
                #expect(made.status == 202, "\(made.text)")
                let beyond = try await platform.send(
                    .put,
                    "\(Self.environments)/pr-9",
                    as: nil,
                    json: Self.push,
                    run
                )
                #expect(beyond.status == 403 && beyond.text.contains("pr-8"), "\(beyond.text)")
            }
        }

        @Test func `a trust says which environments others may depend on beyond its own`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let run = try await Self.token(platform)
                let path = "\(Self.environments)/pr-8"
                let needing = #"{"service":"shop","environment":"pr-7"}"#
                let images = #""images":{"app":"r.example/shop:2"}"#
                let body = #"{"spec":{"service":"shop",\#(images),"dependencies":[\#(needing)]}}"#
                for target in [path, "\(path)?dryRun=true"] {
                    let refused = try await platform.send(.put, target, as: nil, json: body, run)
                    #expect(refused.code == "beyond-trust", "\(refused.text)")
                    #expect(refused.text.contains("`pr-7`"), "\(refused.text)")
                }
                let widened = try await platform.send(
                    .patch,
                    Self.trust,
                    json: #"{"spec":{"dependencies":["pr-*"]}}"#
                )
                #expect(widened.status == 200, "\(widened.text)")
                let next = try await Self.token(platform, "next run")
                let made = try await platform.send(.put, path, as: nil, json: body, next)
                #expect(made.status == 202, "\(made.text)")
                let narrowed = try await platform.send(
                    .patch,
                    Self.trust,
                    json: #"{"spec":{"dependencies":[]}}"#
                )
                #expect(narrowed.status == 200, "\(narrowed.text)")
                let last = try await Self.token(platform, "last run")
                let kept = try await platform.send(.put, path, as: nil, json: body, last)
                #expect(kept.status == 200, "What it depends on already stays: \(kept.text)")
            }
        }

        @Test(arguments: ["change", "deletion"])
        func `tokens end with what their trust was`(end: String) async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let run = try await Self.token(platform)
                #expect(try await platform.send(.get, "/v1/me", as: nil, run).status == 200)
                let same = try await platform.send(
                    .patch,
                    Self.trust,
                    json: #"{"labels":{"team":"shop"}}"#
                )
                #expect(same.status == 200)
                #expect(try await platform.send(.get, "/v1/me", as: nil, run).status == 200)
                let ended =
                    end == "change"
                    ? try await platform.send(.patch, Self.trust, json: #"{"spec":{"refs":["x"]}}"#)
                    : try await platform.send(.delete, Self.trust)
                #expect([200, 204].contains(ended.status), "\(ended.text)")
                #expect(try await platform.send(.get, "/v1/me", as: nil, run).status == 401)
                #expect(try await platform.exchange("second").status == 400)
            }
        }

        @Test func `everything that is wrong with a trust is told at once`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(
                    .put,
                    Self.trust,
                    json: """
                        {"spec":{"issuer":"https://evil.example","repository":"acme/*",\
                        "ttlMax":"400d","tokenTtl":"2h","environmentTypes":[]}}
                        """
                )
                #expect(
                    reply.pointers.sorted() == [
                        "/spec/environmentTypes", "/spec/issuer", "/spec/repository",
                        "/spec/tokenTtl", "/spec/ttlMax",
                    ],
                    "\(reply.text)"
                )
            }
        }
    }
}
