import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Services at a version that run in an environment beside the one that needs them.
    @Suite struct CompanionOperationTests {
        private static let environments = "/v1/tenants/acme/environments"
        private static let owner = "\(environments)/pr-8"
        private static let companion = "\(environments)/pr-8-payments"

        private static func body(_ dependencies: String..., image: Int = 1) -> String {
            """
            {"spec":{"service":"shop","images":{"app":"r.example.com/shop:\(image)"},\
            "dependencies":[\(dependencies.joined(separator: ","))]}}
            """
        }

        private static func payments(_ version: String, _ members: String = "") -> String {
            #"{"service":"payments","version":"\#(version)"\#(members)}"#
        }

        /// An environment in which that version of payments is live.
        private static func plant(
            _ name: String,
            _ version: String,
            needing dependencies: String = "",
            _ platform: Platform
        ) async throws {
            let made = try await platform.send(
                .put,
                "\(environments)/\(name)",
                json: """
                    {"spec":{"service":"payments","dependencies":[\(dependencies)],\
                    "images":{"app":"r.example.com/payments:\(version)"}}}
                    """
            )
            #expect(made.status == 202, "\(made.text)")
            try settle(name, platform)
        }

        /// What its job would come to; jobs do not run here.
        private static func settle(_ name: String, _ platform: Platform) throws {
            try platform.database.run(
                """
                UPDATE environment
                   SET status = (status::jsonb || jsonb_build_object(
                        'live', status::jsonb -> 'coming', 'coming', NULL, 'phase', 'ready'))::json,
                       phase = 'ready'
                 WHERE tenant_name = 'acme' AND name = '\(name)'
                """
            )
        }

        private static func image(_ reply: Reply) -> String? {
            reply.json["spec"]?["images"]?["app"]?.string
        }

        @Test func `one call makes the companion of what is live, and twice is once`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await Self.plant("pay-1", "1.4.2", platform)
                try await Self.plant("pay-2", "1.5.0", platform)
                try await Self.plant("pay-3", "2.0.0", platform)
                let body = Self.body(Self.payments("^1.4"))
                let plan = try await platform.send(.put, "\(Self.owner)?dryRun=true", json: body)
                let order = try #require(plan.json["orders"]?[0], "\(plan.text)")
                #expect(order["pointer"] == "/spec/dependencies/0")
                #expect(order["environment"]?["name"] == "pr-8-payments")
                #expect(order["environment"]?["from"] == "pay-2", "\(plan.text)")
                #expect(try await platform.send(.get, Self.companion).status == 404)

                let made = try await platform.send(.put, Self.owner, json: body)
                #expect(made.status == 202, "\(made.text)")
                let wish = made.json["spec"]?["dependencies"]?[0]
                #expect(wish?["version"] == "^1.4" && wish?["environment"] == nil, "\(made.text)")
                let companion = try await platform.send(.get, Self.companion)
                #expect(companion.json["status"]?["companionOf"] == "pr-8", "\(companion.text)")
                #expect(Self.image(companion) == "r.example.com/payments:1.5.0")
                #expect(companion.json["spec"]?["type"] == "ephemeral")
                #expect(companion.json["status"]?["expiresAt"]?.isNull == true)
                #expect(companion.json["dependents"]?.array?.map(\.string) == ["pr-8"])
                let job = companion.json["status"]?["job"]?.string ?? ""
                #expect(try await platform.send(.get, "/v1/jobs/\(job)").status == 200)

                let without = #"""
                    {"spec":{"service":"shop","images":{"app":"r.example.com/shop:9"}}}
                    """#
                let wider = Self.body(Self.payments("^1"))
                for (next, action) in [(without, "delete"), (wider, "none")] {
                    let shown = try await platform.send(
                        .put,
                        "\(Self.owner)?dryRun=true",
                        json: next
                    )
                    let order = shown.json["orders"]?[0]
                    #expect(order?["environment"]?["action"]?.string == action, "\(shown.text)")
                    #expect(order?["environment"]?["name"] == "pr-8-payments")
                    #expect(order?["pointer"]?.isNull == (action == "delete"))
                }

                let again = try await platform.send(.put, Self.owner, json: body)
                #expect(again.status == 200, "\(again.text)")
                let after = try await platform.send(.get, Self.companion)
                #expect(after.headers[.etag] == companion.headers[.etag], "\(after.text)")
            }
        }

        @Test func `a companion is changed by what its environment wants, and by nobody else`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await Self.plant("pay-1", "1.4.2", platform)
                let first = Self.body(Self.payments("^1.4"))
                let made = try await platform.send(.put, Self.owner, json: first)
                #expect(made.status == 202, "\(made.text)")
                try await Self.plant("pay-2", "1.5.0", platform)
                let wider = Self.body(Self.payments(">=1.4 <3"))
                _ = try await platform.send(.put, Self.owner, json: wider)
                var companion = try await platform.send(.get, Self.companion)
                #expect(Self.image(companion) == "r.example.com/payments:1.4.2", "It meets that.")
                #expect(companion.json["status"]?["coming"]?["number"] == 1)
                let newer = Self.body(Self.payments("^1.5"))
                let changed = try await platform.send(.put, Self.owner, json: newer)
                #expect(changed.status == 202, "\(changed.text)")
                companion = try await platform.send(.get, Self.companion)
                #expect(Self.image(companion) == "r.example.com/payments:1.5.0")
                #expect(companion.json["status"]?["coming"]?["number"] == 2, "\(companion.text)")

                let own = #"{"spec":{"images":{"app":"r.example.com/payments:9"}}}"#
                let coming = companion.json["status"]?["coming"]?["deployment"]?.string ?? ""
                let rollOut = "\(Self.companion)/deployments/\(coming)"
                #expect(try await platform.send(.get, rollOut).status == 200)
                let reason = #"{"reason":"we wait"}"#
                for (method, path, json) in [
                    (Method.delete, Self.companion, nil), (.put, Self.companion, own),
                    (.patch, Self.companion, own), (.post, "\(Self.companion):sleep", nil),
                    (.post, "\(Self.companion):promote", #"{"from":"pay-1"}"#),
                    (.post, "\(Self.companion):rollback", #"{"to":1}"#),
                    (.post, "\(Self.companion):plan", #"{"promote":{"from":"pay-1"}}"#),
                    (.post, "\(rollOut):approve", "{}"), (.post, "\(rollOut):release", reason),
                    (.post, "\(rollOut):reject", reason), (.post, "\(rollOut):abort", reason),
                    (.post, "\(rollOut):pause", reason), (.post, "\(rollOut):advance", nil),
                    (.post, "\(rollOut):resume", nil),
                ] as [(Method, String, String?)] {
                    let kept = try await platform.send(method, path, json: json)
                    #expect(kept.code == "in-use" && kept.text.contains("pr-8"), "\(kept.text)")
                }
            }
        }

        @Test func `a companion sleeps, wakes, stays and goes with its environment`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await Self.plant("pay-1", "1.4.2", platform)
                let body = Self.body(Self.payments("^1.4"))
                _ = try await platform.send(.put, Self.owner, json: body)
                func isAsleep() async throws -> Bool? {
                    let found = try await platform.send(.get, Self.companion)
                    return found.json["spec"]?["asleep"]?.bool
                }
                let slept = try await platform.send(.post, "\(Self.owner):sleep")
                #expect(slept.status == 202, "\(slept.text)")
                #expect(try await isAsleep() == true)
                let woken = try await platform.send(.put, Self.owner, json: body)
                #expect(woken.status == 202, "\(woken.text)")
                #expect(try await isAsleep() == false)

                let without = try await platform.send(.put, Self.owner, json: Self.body())
                #expect(without.status == 202, "\(without.text)")
                let left = try await platform.send(.get, Self.companion)
                #expect(left.json["status"]?["phase"] != "deleting", "Not before that is live.")
                let back = try await platform.send(.put, Self.owner, json: body)
                #expect(back.status == 202, "\(back.text)")
                let going = try await platform.send(.delete, Self.owner)
                #expect(going.status == 202, "\(going.text)")
                let gone = try await platform.send(.get, Self.companion)
                #expect(gone.json["status"]?["phase"] == "deleting", "\(gone.text)")
                #expect(gone.json["status"]?["ending"]?["owner"] == "pr-8", "\(gone.text)")
                let again = try await platform.send(
                    .put,
                    "\(Self.environments)/pr-9",
                    json: Self.body(Self.payments("^1.4"))
                )
                #expect(again.status == 202, "\(again.text)")
            }
        }

        @Test(
            arguments: [
                (#"{"service":"payments","version":"^3"}"#, "version", "pay-1 (app 1.4.2)"),
                (#"{"service":"orders","version":"^1"}"#, "version", "runs it yet"),
                (#"{"service":"payments","version":"^1","name":"taken"}"#, "name", "pr-8-taken"),
                (#"{"service":"payments","version":"2.0.0"}"#, "service", "companions of its own"),
                (#"{"service":"payments","version":"2.1.0"}"#, "service", "Each would wait"),
                (#"{"service":"payments"}"#, "environment", "missing"),
            ]
        )
        func `what is wrong with a companion is told at its dependency, and makes nothing`(
            _ need: String,
            _ member: String,
            _ words: String
        ) async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await Self.plant("pay-1", "1.4.2", platform)
                try await Self.plant("pay-2", "2.0.0", needing: Self.payments("^1"), platform)
                try await Self.plant("pr-8-taken", "0.1.0", platform)
                let first = try await platform.send(.put, Self.owner, json: Self.body())
                #expect(first.status == 202, "\(first.text)")
                let round = #"{"service":"shop","environment":"pr-8"}"#
                try await Self.plant("pay-3", "2.1.0", needing: round, platform)
                for path in [Self.owner, "\(Self.owner)?dryRun=true"] {
                    let reply = try await platform.send(.put, path, json: Self.body(need))
                    #expect(reply.code == "invalid-input", "\(reply.text)")
                    #expect(
                        reply.pointers == ["/spec/dependencies/0/\(member)"]
                            && reply.text.contains(words),
                        "\(reply.text)"
                    )
                }
                #expect(try await platform.send(.get, Self.companion).status == 404)
            }
        }

        /// The owner with its companion, in a cluster that is made for it.
        private static func housed(as kind: String) -> String {
            """
            {"spec":{"placement":{"kind":"\(kind)"},"images":{"app":"r.example.com/shop:1"},\
            "dependencies":[\(payments("^1.4"))]}}
            """
        }

        @Test func `a plan says what companions run, and is stale once that has moved`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let cache = #"{"offering":{"name":"cache"}}"#
                try await Self.plant("pay-1", "1.4.2", needing: cache, platform)
                _ = try await platform.send(.put, Self.owner, json: Self.body())
                try Self.settle("pr-8", platform)
                let body = Self.body(Self.payments("^1.4"), image: 2)
                let plan = try await platform.send(.post, "\(Self.owner):plan", json: body)
                let path = try #require(plan.headers[.location], "\(plan.text)")
                try await Self.plant("pay-1", "1.5.0", needing: cache, platform)
                let stale = try await platform.send(.post, "\(path):apply")
                #expect(stale.code == "state-conflict", "\(stale.text)")
                #expect(stale.text.contains("environment pr-8-payments"), "\(stale.text)")

                _ = try await platform.send(.put, Self.owner, json: body)
                for name in ["pr-8", "pr-8-payments"] { try Self.settle(name, platform) }
                try platform.settleServices()
                for (next, action) in [
                    (Self.body(Self.payments("^1.4"), image: 3), "none"),
                    (Self.body(image: 3), "delete"),
                ] {
                    let path = "\(Self.owner)?dryRun=true"
                    let dry = try await platform.send(.put, path, json: next)
                    let companion = dry.json["orders"]?[0]?["environment"]
                    #expect(companion?["action"]?.string == action, "\(dry.text)")
                    let service = companion?["orders"]?[0]?["service"]
                    #expect(service?["action"]?.string == action, "\(dry.text)")
                }
            }
        }

        @Test func `companions live in the cluster that is made for their environment`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let cache = #"{"offering":{"name":"cache"}}"#
                try await Self.plant("pay-1", "1.4.2", needing: cache, platform)
                let body = Self.housed(as: "vcluster")
                for path in ["\(Self.owner)?dryRun=true", Self.owner, Self.owner] {
                    let reply = try await platform.send(.put, path, json: body)
                    #expect(reply.status < 300, "\(path) \(reply.text)")
                }
                let companion = try await platform.send(.get, Self.companion)
                #expect(companion.json["spec"]?["placement"]?["cluster"] == "env-pr-8")
                let stranger = try await platform.send(
                    .put,
                    "\(Self.environments)/pr-9",
                    json: """
                        {"spec":{"placement":{"cluster":"env-pr-8"},\
                        "images":{"app":"r.example.com/shop:1"}}}
                        """
                )
                #expect(stranger.pointers == ["/spec/placement/cluster"], "\(stranger.text)")
                let going = try await platform.send(.delete, Self.owner)
                #expect(going.status == 202, "It is no guest: \(going.text)")
                let gone = try await platform.send(.get, Self.companion)
                #expect(gone.json["status"]?["phase"] == "deleting", "\(gone.text)")
            }
        }

        @Test(arguments: [true, false])
        func `where the cluster is one namespace there is no room for a companion`(
            isOwn: Bool
        )
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await Self.plant("pay-1", "1.4.2", platform)
                var body = Self.housed(as: "namespace")
                if !isOwn {
                    body = Self.body(Self.payments("^1.4"))
                    try platform.database.run(
                        """
                        UPDATE tenant SET status = jsonb_set(status::jsonb, '{clusters}',
                            '[{"name":"main","kind":"namespace","phase":"ready"}]')::json
                        """
                    )
                    try platform.database.run("DELETE FROM environment WHERE name <> 'pay-1'")
                    try platform.database.run(
                        "UPDATE environment SET cluster = 'away' WHERE name = 'pay-1'"
                    )
                }
                for path in [Self.owner, "\(Self.owner)?dryRun=true"] {
                    let reply = try await platform.send(.put, path, json: body)
                    #expect(reply.pointers == ["/spec/dependencies/0/service"], "\(reply.text)")
                    let fault = reply.json["errors"]?[0]
                    #expect(fault?["code"] == "occupied", "\(reply.text)")
                    #expect(fault?["detail"]?.string?.contains("pr-8") == true, "\(reply.text)")
                }
                #expect(try await platform.send(.get, Self.owner).status == 404)
            }
        }

        @Test func `what failed is tried again with its environment`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await Self.plant("pay-1", "1.4.2", platform)
                let body = Self.body(Self.payments("^1.4"))
                let made = try await platform.send(.put, Self.owner, json: body)
                #expect(made.status == 202, "\(made.text)")
                try platform.database.run(
                    """
                    UPDATE environment SET phase = 'failed', status = (status::jsonb
                        || '{"coming": null, "phase": "failed"}')::json
                     WHERE tenant_name = 'acme' AND name LIKE 'pr-8%'
                    """
                )
                let again = try await platform.send(.put, Self.owner, json: body)
                #expect(again.status == 202, "\(again.text)")
                for path in [Self.owner, Self.companion] {
                    let found = try await platform.send(.get, path)
                    #expect(found.json["status"]?["coming"]?["number"] == 2, "\(found.text)")
                    let job = found.json["status"]?["job"]?.string ?? ""
                    let work = try await platform.send(.get, "/v1/jobs/\(job)")
                    #expect(work.json["status"]?["phase"] == "available", "\(work.text)")
                }
                let companion = try await platform.send(.get, Self.companion)
                #expect(Self.image(companion) == "r.example.com/payments:1.4.2")
            }
        }

        @Test func `a companion runs exactly the commit that is asked for`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let commits = ["a", "b"].map { String(repeating: $0, count: 40) }
                for commit in commits {
                    let name = "pay-\(commit.prefix(1))"
                    let made = try await platform.send(
                        .put,
                        "\(Self.environments)/\(name)",
                        json: """
                            {"spec":{"service":"payments","source":{"revision":"\(commit)"},\
                            "images":{"app":"r.example.com/payments:\(name)"}}}
                            """
                    )
                    #expect(made.status == 202, "\(made.text)")
                    try Self.settle(name, platform)
                }
                let body = Self.body(Self.payments(commits[0]))
                let made = try await platform.send(.put, Self.owner, json: body)
                #expect(made.status == 202, "\(made.text)")
                let companion = try await platform.send(.get, Self.companion)
                #expect(Self.image(companion) == "r.example.com/payments:pay-a")
                let source = companion.json["spec"]?["source"]
                #expect(source?["revision"]?.string == commits[0], "\(companion.text)")
                let other = Self.body(Self.payments(String(repeating: "c", count: 40)))
                let reply = try await platform.send(.put, Self.owner, json: other)
                #expect(reply.text.contains("version-not-live"), "\(reply.text)")
                #expect(reply.text.contains(commits[1]), "\(reply.text)")
            }
        }

        @Test func `quotas count companions, and what is ordered for them`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let cache = #"{"offering":{"name":"cache"}}"#
                try await Self.plant("pay-1", "1.4.2", needing: cache, platform)
                let body = Self.body(Self.payments("^1.4")).replacing("\"shop\"", with: "\"cart\"")
                for (limit, count) in [("total", 4), ("awake", 4), ("perService", 1)] {
                    try platform.database.run(
                        """
                        UPDATE tenant SET spec = jsonb_set(jsonb_set(spec::jsonb,
                            '{quotas,environments}', '{}'),
                            '{quotas,environments,\(limit)}', '\(count)')::json
                        """
                    )
                    for path in [Self.owner, "\(Self.owner)?dryRun=true"] {
                        let beyond = try await platform.send(.put, path, json: body)
                        #expect(beyond.code == "quota-exceeded", "\(beyond.text)")
                        #expect(beyond.pointers == ["/spec/dependencies/0/service"])
                        #expect(beyond.text.contains("environments.\(limit)"), "\(beyond.text)")
                    }
                    #expect(try await platform.send(.get, Self.owner).status == 404)
                }
                try platform.database.run(
                    """
                    UPDATE tenant SET spec =
                        jsonb_set(spec::jsonb, '{quotas,environments}', '{}')::json
                    """
                )
                let made = try await platform.send(.put, Self.owner, json: body)
                #expect(made.status == 202, "\(made.text)")
                let list = try await platform.send(
                    .get,
                    "/v1/tenants/acme/services?environment=pr-8-payments"
                )
                let service = list.json["items"]?[0]
                #expect(service?["status"]?["dependency"] == "cache", "\(list.text)")
            }
        }

        @Test func `a pipeline gets companions of what it may depend on`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await Self.plant("pay-1", "1.4.2", platform)
                func token(_ subject: String) async throws -> [(HeaderName, String)] {
                    let reply = try await platform.exchange(subject)
                    let token = try #require(reply.json["access_token"]?.string, "\(reply.text)")
                    try platform.letTokensLive()
                    return [(.authorization, "Bearer \(token)")]
                }
                let body = Self.body(Self.payments("^1.4"))
                let run = try await token("run")
                for path in [Self.owner, "\(Self.owner)?dryRun=true"] {
                    let refused = try await platform.send(.put, path, as: nil, json: body, run)
                    #expect(refused.code == "beyond-trust", "\(refused.text)")
                    #expect(refused.text.contains("`pay-1`"), "\(refused.text)")
                }
                #expect(try await platform.send(.get, Self.companion).status == 404)
                let widened = try await platform.send(
                    .patch,
                    "/v1/tenants/acme/trusts/shop-ci",
                    json: #"{"spec":{"dependencies":["pay-*"]}}"#
                )
                #expect(widened.status == 200, "\(widened.text)")
                let next = try await token("next run")
                let made = try await platform.send(.put, Self.owner, as: nil, json: body, next)
                #expect(made.status == 202, "\(made.text)")
                #expect(try await platform.send(.get, Self.companion).status == 200)
            }
        }

        @Test func `a pipeline's companions count among the environments that it may have`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await Self.plant("pay-1", "1.4.2", platform)
                let body = Self.body(Self.payments("^1.4"))
                for (limit, status) in [(1, 403), (2, 202)] {
                    let limited = try await platform.send(
                        .patch,
                        "/v1/tenants/acme/trusts/shop-ci",
                        json: #"{"spec":{"dependencies":["pay-*"],"environmentsMax":\#(limit)}}"#
                    )
                    #expect(limited.status == 200, "\(limited.text)")
                    let exchanged = try await platform.exchange("run \(limit)")
                    let token = try #require(exchanged.json["access_token"]?.string)
                    try platform.letTokensLive()
                    let reply = try await platform.send(
                        .put,
                        Self.owner,
                        as: nil,
                        json: body,
                        [(.authorization, "Bearer \(token)")]
                    )
                    #expect(reply.status == status, "\(reply.text)")
                    if status != 202 { #expect(reply.code == "beyond-trust", "\(reply.text)") }
                    let companion = try await platform.send(.get, Self.companion)
                    #expect(companion.status == (status == 202 ? 200 : 404), "\(companion.text)")
                }
            }
        }
    }
}
