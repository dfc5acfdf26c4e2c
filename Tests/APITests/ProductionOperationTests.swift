import Domain
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// The way to production: approvals, freezes, locks, and who may say what.
    @Suite struct ProductionOperationTests {
        private static let staging = "/v1/tenants/acme/environments/staging"
        private static let developer = Platform.Holder(role: .developer, tenant: "acme")
        private static let ci = Platform.Holder(role: .ci, tenant: "acme")
        private static let owner = Platform.Holder(role: .tenantAdmin, tenant: "acme")

        private static func push(_ digit: String) -> String {
            let digest = "sha256:" + String(repeating: digit, count: 64)
            return #"{"spec":{"type":"staging","images":{"app":"r.example.com/shop@\#(digest)"}}}"#
        }

        private static func guarded(_ platform: Platform) async throws {
            try await platform.plantEnvironments()
            let reply = try await platform.send(
                .patch,
                staging,
                as: owner,
                json: #"{"spec":{"approvals":{"required":1}}}"#
            )
            #expect(reply.status == 200, "\(reply.text)")
        }

        /// Has a pipeline ask for something new; the path of its record.
        private static func asked(
            _ platform: Platform,
            _ digit: String = "1"
        ) async throws -> String {
            let reply = try await platform.send(.put, staging, as: ci, json: push(digit))
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.headers[.location] == nil)
            let held = try #require(reply.json["status"]?["held"]?["deployment"]?.string)
            return "\(staging)/deployments/\(held)"
        }

        @Test func `an approval begins what waits for it, and stands in its record`() async throws {
            try await Platform.run { platform in
                try await Self.guarded(platform)
                let path = try await Self.asked(platform)
                let waiting = try await platform.send(.get, path)
                #expect(waiting.json["state"] == "held" && waiting.json["job"] == .null)
                let approvals = "\(path):approve"
                for holder in [Self.ci, Self.developer] {
                    let refused = try await platform.send(.post, approvals, as: holder, json: "{}")
                    #expect(refused.code == "state-conflict", "\(refused.text)")
                }
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let hidden = try await platform.send(.post, approvals, as: viewer, json: "{}")
                #expect(hidden.status == 404)
                let example = Description.operation("approveDeployment")?.examples.first?.value
                let approved = try await platform.send(
                    .post,
                    approvals,
                    as: Self.owner,
                    json: try #require(example).text
                )
                #expect(approved.status == 202, "\(approved.text)")
                try AnswerSchemaTests.check(
                    approved,
                    try #require(Description.operation("approveDeployment"))
                )
                let job = try #require(approved.headers[.location])
                #expect(try await platform.send(.get, job).status == 200)
                let record = try await platform.send(.get, path)
                #expect(record.json["state"] == "running", "\(record.text)")
                #expect(record.json["hold"]?["approvals"]?[0]?["comment"] == "tried in staging")
                #expect(record.json["hold"]?["endedAt"] != .null)
                #expect(record.headers[.etag] == approved.headers[.etag])
                let late = try await platform.send(.post, approvals, as: Self.owner, json: "{}")
                #expect(late.code == "state-conflict")
                let audit = try await platform.send(.get, "/v1/audit?operation=approveDeployment")
                #expect(audit.text.contains("approveDeployment"), "\(audit.text)")
            }
        }

        @Test func `what is held can be rejected, and a newer one takes its place`() async throws {
            try await Platform.run { platform in
                try await Self.guarded(platform)
                let first = try await Self.asked(platform, "1")
                let second = try await Self.asked(platform, "2")
                let old = try await platform.send(.get, first)
                #expect(old.json["state"] == "superseded", "\(old.text)")
                let rejected = try await platform.send(
                    .post,
                    "\(second):reject",
                    as: Self.developer,
                    json: #"{"reason":"not yet"}"#
                )
                #expect(rejected.status == 200, "\(rejected.text)")
                #expect(rejected.json["state"] == "cancelled")
                #expect(rejected.json["outcome"]?.string?.hasSuffix(": not yet") == true)
                try AnswerSchemaTests.check(
                    rejected,
                    try #require(Description.operation("rejectDeployment"))
                )
                let now = try await platform.send(.get, second)
                #expect(now.json["state"] == "cancelled")
                #expect(now.headers[.etag] == rejected.headers[.etag])
            }
        }

        @Test func `only admins decide on approvals and freezes, others leave them as they are`()
            async throws
        {
            try await Platform.run { platform in
                try await Self.guarded(platform)
                let path = Self.staging
                for holder in [Self.ci, Self.developer] {
                    let reply = try await platform.send(
                        .patch,
                        path,
                        as: holder,
                        json: #"{"spec":{"approvals":null}}"#
                    )
                    #expect(reply.pointers == ["/spec/approvals"], "\(reply.text)")
                }
                let kept = try await platform.send(.put, path, as: Self.ci, json: Self.push("0"))
                #expect(kept.json["spec"]?["approvals"]?["required"]?.int == 1, "\(kept.text)")
                let lifted = try await platform.send(
                    .put,
                    path,
                    as: Self.owner,
                    json: #"{"spec":{"approvals":null,"images":{"app":"r.example.com/shop:1"}}}"#
                )
                #expect(lifted.json["spec"]?["approvals"] == .null, "\(lifted.text)")
            }
        }

        @Test func `a tenant's freeze holds, an admin releases with a reason`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let now = platform.clock.now
                let end = now.advanced(by: .seconds(3_600))
                let frozen = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    as: Self.owner,
                    json: """
                        {"spec":{"freeze":{"types":["staging"],"windows":[{"from":"\(now)",\
                        "until":"\(end)","reason":"quarter's end"}]}}}
                        """
                )
                #expect(frozen.status == 202, "\(frozen.text)")
                let path = try await Self.asked(platform)
                let record = try await platform.send(.get, path)
                #expect(record.json["hold"]?["waiting"]?[0]?["type"] == "freeze")
                let reason = #"{"reason":"outage"}"#
                let refused = try await platform.send(
                    .post,
                    "\(path):release",
                    as: Self.developer,
                    json: reason
                )
                #expect(refused.status == 404)
                let released = try await platform.send(
                    .post,
                    "\(path):release",
                    as: Self.owner,
                    json: reason
                )
                #expect(released.status == 202, "\(released.text)")
                #expect(released.json["hold"]?["override"]?["reason"] == "outage")
            }
        }

        @Test func `a lock holds what is asked for until somebody unlocks`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let end = platform.clock.now.advanced(by: .seconds(3_600))
                let body = #"{"reason":"INC-42","until":"\#(end)"}"#
                let denied = try await platform.send(
                    .post,
                    "\(Self.staging):lock",
                    as: Self.ci,
                    json: body
                )
                #expect(denied.status == 404)
                let locked = try await platform.send(
                    .post,
                    "\(Self.staging):lock",
                    as: Self.developer,
                    json: body
                )
                #expect(locked.status == 200, "\(locked.text)")
                #expect(locked.json["status"]?["lock"]?["reason"] == "INC-42")
                try AnswerSchemaTests.check(
                    locked,
                    try #require(Description.operation("lockEnvironment"))
                )
                let path = try await Self.asked(platform)
                let open = try await platform.send(.post, "\(Self.staging):unlock", as: Self.owner)
                #expect(open.json["status"]?["lock"] == .null, "\(open.text)")
                let stirred = try await platform.storage.environments.sweep(in: NoTimeZones())
                #expect(stirred.done.map(\.event) == [.deploymentReleased], "\(stirred)")
                let record = try await platform.send(.get, path)
                #expect(record.json["state"] == "running", "\(record.text)")
            }
        }

        @Test func `a plan becomes a roll-out once, with the approvals that it has`() async throws {
            try await Platform.run { platform in
                try await Self.guarded(platform)
                let made = try await platform.send(
                    .post,
                    "\(Self.staging):plan",
                    as: Self.ci,
                    json: Self.push("1")
                )
                #expect(made.status == 201, "\(made.text)")
                try AnswerSchemaTests.check(
                    made,
                    try #require(Description.operation("planEnvironment"))
                )
                let outlook = made.json["content"]?["outlook"]
                #expect(outlook?["difference"]?["images"]?[0]?["name"] == "app", "\(made.text)")
                #expect(made.json["content"]?["warnings"]?[0]?.string?.contains("approval") == true)
                let path = try #require(made.headers[.location])
                let own = try await platform.send(.post, "\(path):approve", as: Self.ci, json: "{}")
                #expect(own.code == "state-conflict")
                let approved = try await platform.send(
                    .post,
                    "\(path):approve",
                    as: Self.owner,
                    json: "{}"
                )
                #expect(approved.status == 200, "\(approved.text)")
                try AnswerSchemaTests.check(
                    approved,
                    try #require(Description.operation("approvePlan"))
                )
                let applied = try await platform.send(.post, "\(path):apply", as: Self.ci)
                #expect(applied.status == 202, "\(applied.text)")
                try AnswerSchemaTests.check(
                    applied,
                    try #require(Description.operation("applyPlan"))
                )
                let plan = try await platform.send(.get, path)
                let deployment = try #require(plan.json["deployment"]?.string)
                let record = try await platform.send(
                    .get,
                    "\(Self.staging)/deployments/\(deployment)"
                )
                #expect(record.json["state"] == "running", "\(record.text)")
                #expect(record.json["hold"]?["approvals"]?.array?.count == 1)
                let again = try await platform.send(.post, "\(path):apply", as: Self.ci)
                #expect(again.code == "state-conflict" && again.text.contains("applied"))
            }
        }

        @Test func `a stale plan is refused, and says what has moved`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let review = "/v1/tenants/acme/environments/pr-7"
                for wish in [
                    #"{"spec":{"images":{"app":"r.example.com/shop:2"}}}"#,
                    #"{"promote":{"from":"staging"}}"#, #"{"rollback":{"to":1}}"#,
                ] {
                    let made = try await platform.send(.post, "\(review):plan", json: wish)
                    #expect(made.status == 201, "\(made.text)")
                    let path = try #require(made.headers[.location])
                    let image = "r.example.com/shop:v\(wish.count)"
                    let moved = try await platform.send(
                        .put,
                        review,
                        json: #"{"spec":{"images":{"app":"\#(image)"}}}"#
                    )
                    #expect(moved.status == 202, "\(moved.text)")
                    let stale = try await platform.send(.post, "\(path):apply")
                    #expect(stale.code == "state-conflict", "\(stale.text)")
                    #expect(stale.text.contains("the spec, from generation"), "\(stale.text)")
                    #expect(stale.text.contains("the newest roll-out, from"), "\(stale.text)")
                }
                let both = try await platform.send(
                    .post,
                    "\(review):plan",
                    json: #"{"promote":{"from":"staging"},"rollback":{"to":1}}"#
                )
                #expect(both.code == "invalid-input", "\(both.text)")
            }
        }

        @Test func `a plan shows what changes of the objects, and no secret`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let review = "/v1/tenants/acme/environments/pr-7"
                let wish = #"{"spec":{"images":{"app":"r.example.com/shop:2"}}}"#
                func changes() async throws -> (JSON?, Reply) {
                    let made = try await platform.send(.post, "\(review):plan", json: wish)
                    #expect(made.status == 201, "\(made.text)")
                    return (made.json["content"]?["outlook"]?["manifests"], made)
                }
                let (first, _) = try await changes()
                #expect(first?["base"]?.isNull == true)
                #expect(
                    first?["changes"]?.array?.map { $0["action"]?.string } == ["added", "added"]
                )
                // From here on something runs.
                try platform.database.run(
                    """
                    UPDATE environment
                       SET status = jsonb_set(
                            status::jsonb, '{live}', status::jsonb -> 'coming')::json
                     WHERE tenant_name = 'acme' AND name = 'pr-7'
                    """
                )
                let (next, reply) = try await changes()
                let told = next?["changes"]?.array ?? []
                #expect(told.map { $0["object"]?.string } == ["ConfigMap/c", "Pod/p", "Secret/s"])
                #expect(told.map { $0["action"]?.string } == ["removed", "added", "changed"])
                #expect(
                    told[1]["diff"]?.string?.contains("+  image: ") == true,
                    "\(reply.text)"
                )
                let secret = told[2]["diff"]?.string ?? ""
                #expect(secret.contains("(hidden, and other than before)"), "\(secret)")
                #expect(!reply.text.contains("aGk=") && !reply.text.contains("eW8="))
                let staging = try await platform.send(
                    .post,
                    "/v1/tenants/acme/environments/staging:plan",
                    json: wish
                )
                #expect(staging.json["content"]?["outlook"]?["manifests"]?.isNull == true)
                #expect(staging.text.contains("cannot be said now: no cluster"), "\(staging.text)")
            }
        }

        @Test func `what is unknown is told where the body names it`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let review = "/v1/tenants/acme/environments/pr-7"
                for (path, wish, place) in [
                    (":rollback", #"{"to":99}"#, "/to"),
                    (":plan", #"{"rollback":{"to":99}}"#, "/rollback/to"),
                    (":promote", #"{"from":"none"}"#, "/from"),
                    (":plan", #"{"promote":{"from":"none"}}"#, "/promote/from"),
                ] {
                    let reply = try await platform.send(.post, review + path, json: wish)
                    #expect(reply.code == "invalid-input", "\(reply.text)")
                    #expect(reply.pointers == [place], "\(reply.text)")
                }
            }
        }

        @Test func `who may not change the rules gets rid of them by no deletion`() async throws {
            try await Platform.run { platform in
                try await Self.guarded(platform)
                for holder in [Self.ci, Self.developer] {
                    for path in [Self.staging, "\(Self.staging)?dryRun=true"] {
                        let reply = try await platform.send(.delete, path, as: holder)
                        #expect(reply.code == "state-conflict", "\(reply.text)")
                    }
                    let short = try await platform.send(
                        .patch,
                        Self.staging,
                        as: holder,
                        json: #"{"spec":{"lifetime":{"ttl":"1h"}}}"#
                    )
                    #expect(short.pointers == ["/spec/lifetime"], "\(short.text)")
                }
                let end = platform.clock.now.advanced(by: .seconds(3_600))
                let locked = try await platform.send(
                    .post,
                    "\(Self.staging):lock",
                    as: Self.developer,
                    json: #"{"reason":"INC-42","until":"\#(end)"}"#
                )
                #expect(locked.status == 200, "\(locked.text)")
                let refused = try await platform.send(.delete, Self.staging, as: Self.owner)
                #expect(refused.code == "state-conflict", "\(refused.text)")
                #expect(refused.text.contains("INC-42"), "\(refused.text)")
                _ = try await platform.send(.post, "\(Self.staging):unlock", as: Self.owner)
                let gone = try await platform.send(.delete, Self.staging, as: Self.owner)
                #expect(gone.status == 202, "\(gone.text)")
            }
        }

        @Test func `a freeze that refuses is overridden by an admin with a reason, by nobody else`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let now = platform.clock.now
                let end = now.advanced(by: .seconds(3_600))
                let frozen = try await platform.send(
                    .patch,
                    Self.staging,
                    as: Self.owner,
                    json: """
                        {"spec":{"freeze":{"onFreeze":"refuse","windows":[{"from":"\(now)",\
                        "until":"\(end)","reason":"quarter's end"}]}}}
                        """
                )
                #expect(frozen.status == 200, "\(frozen.text)")
                let path = "\(Self.staging)?override=outage"
                let refused = try await platform.send(
                    .put,
                    Self.staging,
                    as: Self.owner,
                    json: Self.push("1")
                )
                #expect(refused.code == "state-conflict", "\(refused.text)")
                let denied = try await platform.send(
                    .put,
                    path,
                    as: Self.developer,
                    json: Self.push("1")
                )
                #expect(denied.code == "invalid-query", "\(denied.text)")
                let begun = try await platform.send(
                    .put,
                    path,
                    as: Self.owner,
                    json: Self.push("1")
                )
                #expect(begun.status == 202, "\(begun.text)")
                let id = try #require(begun.json["status"]?["coming"]?["deployment"]?.string)
                let record = try await platform.send(.get, "\(Self.staging)/deployments/\(id)")
                let override = record.json["hold"]?["override"]
                #expect(override?["reason"] == "outage", "\(record.text)")
                let audit = try await platform.send(.get, "/v1/audit?operation=replaceEnvironment")
                #expect(audit.text.contains("replaceEnvironment"), "\(audit.text)")
            }
        }

        @Test func `a canary is paused with a reason, resumed, and either counts once`()
            async throws
        {
            try await Platform.run { platform in
                let deployment = try await platform.plantEnvironments()
                try platform.database.run(
                    """
                    UPDATE environment
                       SET status = jsonb_set(status::jsonb, '{coming,progress}', '{"step":1,\
                    "phase":"watching","steps":2,"weight":10,"checks":[]}')::json
                     WHERE name = 'pr-7'
                    """
                )
                let path = "/v1/tenants/acme/environments/pr-7/deployments/\(deployment)"
                let paused = try #require(Description.operation("pauseDeployment"))
                let body = try #require(paused.examples.first?.value).text
                for _ in 1...2 {
                    let reply = try await platform.send(.post, "\(path):pause", json: body)
                    #expect(reply.status == 200, "\(reply.text)")
                    try AnswerSchemaTests.check(reply, paused)
                }
                let stays = try await platform.send(.post, "\(path):advance")
                #expect(stays.code == "state-conflict", "\(stays.text)")
                #expect(stays.text.contains("has paused the roll-out"), "\(stays.text)")
                for _ in 1...2 {
                    let reply = try await platform.send(.post, "\(path):resume")
                    #expect(reply.status == 200, "\(reply.text)")
                }
                let on = try await platform.send(.post, "\(path):advance")
                #expect(on.status == 200, "\(on.text)")
                for (type, count) in [("paused", "1"), ("resumed", "1")] {
                    let rows = try platform.database.run(
                        "SELECT count(*) FROM event WHERE type LIKE '%deployment.\(type)'"
                    )
                    #expect(rows == [[count]])
                }
            }
        }

        @Test func `what takes over all at once is not steered`() async throws {
            try await Platform.run { platform in
                let deployment = try await platform.plantEnvironments()
                let path = "/v1/tenants/acme/environments/pr-7/deployments/\(deployment)"
                let advanced = try await platform.send(.post, "\(path):advance")
                #expect(advanced.code == "state-conflict", "\(advanced.text)")
                let aborted = try await platform.send(
                    .post,
                    "\(path):abort",
                    json: #"{"reason":"errors"}"#
                )
                #expect(aborted.code == "state-conflict", "\(aborted.text)")
            }
        }
    }
}
