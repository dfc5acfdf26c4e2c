import Domain
import HTTP
import JSON
import Secrets
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// What forges deliver, from the request to the environment.
    @Suite struct HookOperationTests {
        private static let path = "/v1/tenants/acme/sources/shop"
        private static let images = #"{"images":{"app":"r.example.com/shop:${REVISION}"}}"#
        private static let environment = "/v1/tenants/acme/environments/pr-7"
        private let developer = Platform.Holder(role: .developer, tenant: "acme")

        /// A platform whose tenant has a source with rules, and no environment of pull request 7.
        private func run(
            _ forge: ForgeKind = .github,
            pulls: String = images,
            more: String = "",
            _ body: (Platform) async throws -> Void
        ) async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.database.run("DELETE FROM source")
                try platform.database.run("DELETE FROM deployment WHERE environment_name = 'pr-7'")
                try platform.database.run("DELETE FROM environment WHERE name = 'pr-7'")
                try platform.database.run("DELETE FROM job")
                let url = forge == .gitea ? #","url":"https://git.example.com/api/v1""# : ""
                let made = try await platform.send(
                    .put,
                    "/v1/forges/\(forge.rawValue)",
                    json: #"{"spec":{"kind":"\#(forge.rawValue)"\#(url)}}"#
                )
                #expect([200, 201].contains(made.status), "\(made.text)")
                let source = try await platform.plantSource(
                    of: "acme",
                    pulls,
                    on: forge.rawValue,
                    more: more
                )
                #expect(source.status == 201, "\(source.text)")
                try await body(platform)
            }
        }

        @Test(arguments: [ForgeKind.github, .gitea])
        func `a signed pull request makes its environment, and an altered one nothing`(
            forge: ForgeKind
        ) async throws {
            try await run(forge) { platform in
                let sent = SentHook.pull("opened", on: forge, key: "one")
                let altered = try await platform.deliver(sent, altered: true)
                #expect(altered.status == 404, "\(altered.text)")
                let stranger = try await platform.deliver(sent, secret: "another secret, as long")
                #expect(stranger.status == 404)
                var nowhere = sent
                nowhere.body = Array(
                    String(decoding: sent.body, as: UTF8.self)
                        .replacing("acme/shop", with: "acme/none").utf8
                )
                let unknown = try await platform.deliver(nowhere)
                #expect(unknown.status == 404 && unknown.json["detail"] == altered.json["detail"])
                #expect(try platform.database.run("SELECT 1 FROM source_delivery").isEmpty)

                let taken = try await platform.deliver(sent)
                #expect(taken.status == 202 && taken.json["state"] == "accepted", "\(taken.text)")
                let jobs = try platform.database.run("SELECT lane FROM job")
                #expect(jobs.map { $0[0] } == ["source/acme/shop/pull/7"])
                let handled = try await platform.handle(taken)
                #expect(handled == .done(.done, "The environment is brought to 9f1c3e5a."))
                let made = try await platform.send(.get, Self.environment)
                let spec = made.json["spec"]
                #expect(spec?["source"]?["revision"]?.string == SentHook.head, "\(made.text)")
                #expect(spec?["source"]?["pullRequest"]?.int == 7)
                #expect(spec?["images"]?["app"]?.string == "r.example.com/shop:\(SentHook.head)")
                let rollOut = try await platform.send(.get, "\(Self.environment)/deployments")
                let first = rollOut.json["items"]?[0]
                #expect(first?["origin"]?["type"] == "hook" && first?["by"] == "hook shop")
                #expect(first?["origin"]?["delivery"] == taken.json["delivery"])
            }
        }

        @Test func `a delivery that comes again, under whatever id, does nothing twice`()
            async throws
        {
            try await run { platform in
                var sent = SentHook.pull("opened", key: "one")
                let first = try await platform.deliver(sent)
                #expect(first.status == 202)
                let again = try await platform.deliver(sent)
                #expect(again.status == 200 && again.json["duplicate"]?.bool == true)
                #expect(again.json["delivery"] == first.json["delivery"])
                sent.key = "forged"
                let replayed = try await platform.deliver(sent)
                #expect(replayed.json["delivery"] == first.json["delivery"])
                #expect(try platform.database.run("SELECT 1 FROM job").count == 1)
                _ = try await platform.handle(first)
                #expect(
                    try await platform.handle(first)
                        == .done(.ignored, "The delivery was handled before.")
                )
                #expect(
                    try platform.database.run(
                        "SELECT 1 FROM deployment WHERE environment_name = 'pr-7'"
                    ).count == 1
                )
            }
        }

        @Test func `handling that ended before it was written down does nothing twice`()
            async throws
        {
            try await run { platform in
                let forget = """
                    UPDATE source_delivery SET state = 'accepted', outcome = NULL, ended_at = NULL
                    """
                for action in ["opened", "closed"] {
                    let taken = try await platform.deliver(.pull(action, key: action))
                    let first = try await platform.handle(taken)
                    try platform.database.run("\(forget) WHERE key = '\(action)'")
                    try platform.database.run("DELETE FROM source_thread")
                    guard case .done(.done, _) = first else {
                        Issue.record("\(first)")
                        return
                    }
                    #expect(try await platform.handle(taken) == first)
                }
                let rollOuts = "SELECT 1 FROM deployment WHERE environment_name = 'pr-7'"
                #expect(try platform.database.run(rollOuts).count == 1)
                let ends = "SELECT 1 FROM job WHERE kind = 'environment.delete'"
                #expect(try platform.database.run(ends).count == 1)
            }
        }

        @Test func `GitLab's merge requests make environments by their secret`() async throws {
            try await run(.gitlab) { platform in
                let sent = SentHook.merge("open", key: "one")
                let wrong = try await platform.deliver(sent, secret: "another secret, as long")
                #expect(wrong.status == 404)
                let taken = try await platform.deliver(sent)
                #expect(taken.status == 202, "\(taken.text)")
                _ = try await platform.handle(taken)
                let idle = try await platform.deliver(SentHook.merge("update", key: "two"))
                #expect(idle.status == 200 && idle.json["state"] == "ignored", "\(idle.text)")
                let more = #","oldrev":"\#(String(repeating: "c", count: 40))""#
                let pushed = try await platform.deliver(
                    SentHook.merge("update", key: "three", more: more)
                )
                #expect(pushed.status == 202)
                _ = try await platform.handle(pushed)
                let closed = try await platform.deliver(SentHook.merge("merge", key: "four"))
                _ = try await platform.handle(closed)
                let gone = try await platform.send(.get, Self.environment)
                #expect(gone.json["status"]?["phase"] == "deleting", "\(gone.text)")
            }
        }

        @Test func `a delivery at another forge's address is told so, and forms are read`()
            async throws
        {
            try await run { platform in
                var sent = SentHook.pull("opened", on: .gitea, key: "one")
                sent.path = "github"
                let told = try await platform.deliver(sent)
                #expect(told.status == 400)
                #expect(told.json["detail"]?.string?.contains("/v1/hooks/gitea") == true)
                var form = SentHook.pull("opened", key: "two")
                form.isForm = true
                let text = String(decoding: form.body, as: UTF8.self)
                    .replacing("%", with: "%25").replacing("&", with: "%26")
                    .replacing("+", with: "%2B").replacing(" ", with: "+")
                form.body = Array("payload=\(text)".utf8)
                let taken = try await platform.deliver(form)
                #expect(taken.status == 202, "\(taken.text)")
                let ping = SentHook(
                    .github,
                    "ping",
                    key: "three",
                    #"{"zen":"Keep it.","hook_id":1,"repository":{"full_name":"acme/shop"}}"#
                )
                let pong = try await platform.deliver(ping)
                #expect(pong.status == 200 && pong.json["outcome"] == "The forge is heard.")
            }
        }

        @Test func `of deliveries out of order the newest wins, and stale ones are refused`()
            async throws
        {
            try await run { platform in
                let newest = TestClock.start.description
                let older = TestClock.start.advanced(by: .seconds(-60)).description
                let stale = TestClock.start.advanced(by: .seconds(-86_401)).description
                let late = String(repeating: "d", count: 40)
                let second = try await platform.deliver(
                    .pull("synchronize", key: "2", at: newest)
                )
                _ = try await platform.handle(second)
                let first = try await platform.deliver(
                    .pull("synchronize", key: "1", at: older, head: late)
                )
                guard case .done(.superseded, _) = try await platform.handle(first) else {
                    Issue.record("older news were handled after newer ones")
                    return
                }
                let made = try await platform.send(.get, Self.environment)
                #expect(made.json["spec"]?["source"]?["revision"]?.string == SentHook.head)
                let refused = try await platform.deliver(.pull("opened", key: "0", at: stale))
                #expect(refused.status == 200 && refused.json["state"] == "ignored")
                #expect(refused.json["outcome"]?.string?.contains("stale") == true)
            }
        }

        @Test func `five pushes at once come to the last of them`() async throws {
            try await run { platform in
                var taken: [Reply] = []
                for push in 1...5 {
                    let head = String(repeating: String(push), count: 40)
                    taken.append(
                        try await platform.deliver(.pull("synchronize", key: "\(push)", head: head))
                    )
                }
                for reply in taken { _ = try await platform.handle(reply) }
                let made = try await platform.send(.get, Self.environment)
                let last = String(repeating: "5", count: 40)
                #expect(made.json["spec"]?["source"]?["revision"]?.string == last)
                let rollOuts = "SELECT 1 FROM deployment WHERE environment_name = 'pr-7'"
                #expect(try platform.database.run(rollOuts).count == 1)
            }
        }

        @Test func `a fork waits for an approval of each of its revisions`() async throws {
            try await run { platform in
                for origin in ["eve/shop", nil] {
                    let held = try await platform.deliver(
                        .pull("opened", key: origin ?? "gone", from: origin)
                    )
                    guard case .done(.held, let words) = try await platform.handle(held) else {
                        Issue.record("a fork was not held")
                        return
                    }
                    #expect(words.contains("\(Self.path)/pull-requests/7:approve"))
                }
                #expect(try await platform.send(.get, Self.environment).status == 404)
                let approve = "\(Self.path)/pull-requests/7:approve"
                let other = String(repeating: "e", count: 40)
                let wrong = try await platform.send(
                    .post,
                    approve,
                    as: developer,
                    json: #"{"revision":"\#(other)"}"#
                )
                #expect(wrong.status == 409)
                let approved = try await platform.send(
                    .post,
                    approve,
                    as: developer,
                    json: #"{"revision":"\#(SentHook.head)"}"#
                )
                #expect(approved.status == 202, "\(approved.text)")
                _ = try await platform.handle(approved)
                #expect(try await platform.send(.get, Self.environment).status == 200)
                let next = try await platform.deliver(
                    .pull("synchronize", key: "next", head: other, from: "eve/shop")
                )
                guard case .done(.held, _) = try await platform.handle(next) else {
                    Issue.record("the next revision of a fork was not held")
                    return
                }
                let made = try await platform.send(.get, Self.environment)
                #expect(made.json["spec"]?["source"]?["revision"]?.string == SentHook.head)
            }
        }

        @Test func `closing during creation deletes, and reopening waits for the deletion`()
            async throws
        {
            try await run { platform in
                _ = try await platform.handle(
                    try await platform.deliver(.pull("opened", key: "1"))
                )
                _ = try await platform.handle(
                    try await platform.deliver(.pull("closed", key: "2"))
                )
                let going = try await platform.send(.get, Self.environment)
                #expect(going.json["status"]?["phase"] == "deleting")
                let reopened = try await platform.deliver(.pull("reopened", key: "3"))
                #expect(
                    try await platform.handle(reopened)
                        == .waiting(on: "the deletion of the environment pr-7")
                )
                try platform.database.run("DELETE FROM environment WHERE name = 'pr-7'")
                guard case .done(.done, _) = try await platform.handle(reopened) else {
                    Issue.record("the pull request was not made again")
                    return
                }
                #expect(try await platform.send(.get, Self.environment).status == 200)
            }
        }

        @Test func `what is refused is written at the delivery, which can be handled once more`()
            async throws
        {
            try await run { platform in
                let quota = #"{"spec":{"quotas":{"environments":{"total":1}}}}"#
                let limited = try await platform.send(.patch, "/v1/tenants/acme", json: quota)
                #expect(limited.status < 300, "\(limited.text)")
                let taken = try await platform.deliver(.pull("opened", key: "1"))
                guard case .done(.refused, let reason) = try await platform.handle(taken) else {
                    Issue.record("the quota was not obeyed")
                    return
                }
                #expect(!reason.isEmpty)
                let id = try #require(taken.json["delivery"]?.string)
                let shown = try await platform.send(.get, "\(Self.path)/deliveries/\(id)")
                #expect(shown.json["state"] == "refused")
                #expect(shown.json["outcome"]?.string == reason)
                let room = try await platform.send(
                    .patch,
                    "/v1/tenants/acme",
                    json: #"{"spec":{"quotas":{"environments":{"total":9}}}}"#
                )
                #expect(room.status < 300)
                let again = try await platform.send(
                    .post,
                    "\(Self.path)/deliveries/\(id):redeliver",
                    as: developer
                )
                #expect(again.status == 202, "\(again.text)")
                guard case .done(.done, _) = try await platform.handle(again) else {
                    Issue.record("the delivery was not handled once more")
                    return
                }
            }
        }

        @Test func `pushes to tracked branches refresh, and the end of a branch deletes`()
            async throws
        {
            let rules = """
                ,"branches":[{"pattern":"feature/*","environment":"${BRANCH}","type":"ephemeral",\
                "images":{"app":"r.example.com/shop:${REVISION_SHORT}"}}]
                """
            try await run(more: rules) { platform in
                func push(_ branch: String, _ after: String, key: String) -> SentHook {
                    SentHook(
                        .github,
                        "push",
                        key: key,
                        """
                        {"ref":"refs/heads/\(branch)","before":"\(SentHook.head)",\
                        "after":"\(after)","created":false,"deleted":false,"commits":[],\
                        "repository":{"full_name":"acme/shop","html_url":"https://x/acme/shop"}}
                        """
                    )
                }
                // Locations in the repository are read at once, however large it was before.
                try platform.database.run(
                    """
                    INSERT INTO catalog_location (
                        id, is_discovered, target, repository, phase, status, due_at, revision,
                        created_at, updated_at)
                    SELECT gen_random_uuid(), false, 'https://' || key || '.git//a.yaml', key,
                           'ready', '{}', now() + interval '1 hour', 1, now(), now()
                      FROM unnest('{x/acme/shop,x/acme/other}'::text[]) key
                    """
                )
                try platform.database.run(
                    """
                    INSERT INTO catalog_refusal (copy, repository, count, until)
                    SELECT key, key, 1, now() + interval '1 hour'
                      FROM unnest('{x/acme/shop,x/acme/other}'::text[]) key
                    """
                )
                let made = try await platform.deliver(
                    push("feature/Cart_2", SentHook.head, key: "1")
                )
                for table in ["catalog_location WHERE due_at", "catalog_refusal WHERE until"] {
                    let due = try platform.database.run(
                        "SELECT repository FROM \(table) <= now()"
                    )
                    #expect(due == [["x/acme/shop"]], "\(table)")
                }
                _ = try await platform.handle(made)
                let path = "/v1/tenants/acme/environments/feature-cart-2"
                let found = try await platform.send(.get, path)
                #expect(found.json["spec"]?["images"]?["app"] == "r.example.com/shop:9f1c3e5a")
                let other = try await platform.deliver(push("main", SentHook.head, key: "2"))
                guard case .done(.ignored, _) = try await platform.handle(other) else {
                    Issue.record("a branch that no rule is about made something")
                    return
                }
                let none = String(repeating: "0", count: 40)
                let gone = try await platform.deliver(push("feature/Cart_2", none, key: "3"))
                _ = try await platform.handle(gone)
                let going = try await platform.send(.get, path)
                #expect(going.json["status"]?["phase"] == "deleting")
            }
        }

        @Test func `branches that come to one name have environments of their own`() async throws {
            let rules = """
                ,"branches":[{"pattern":"feature/*","environment":"${BRANCH}","type":"ephemeral",\
                "images":{"app":"r.example.com/shop:${REVISION_SHORT}"}}]
                """
            try await run(more: rules) { platform in
                let none = String(repeating: "0", count: 40)
                var heads: [String: String] = [:]
                func push(_ branch: String, _ after: String, _ key: String) async throws {
                    let before = heads.updateValue(after, forKey: branch) ?? none
                    let hook = SentHook(
                        .github,
                        "push",
                        key: key,
                        """
                        {"ref":"refs/heads/\(branch)","before":"\(before)",\
                        "after":"\(after)","created":false,"deleted":false,"commits":[],\
                        "repository":{"full_name":"acme/shop","html_url":"https://x/acme/shop"}}
                        """
                    )
                    _ = try await platform.handle(try await platform.deliver(hook))
                }
                func phases() throws -> [String: String] {
                    let rows = try platform.database.run(
                        """
                        SELECT spec -> 'source' ->> 'ref', phase FROM environment
                         WHERE name LIKE 'feature-cart-2%' ORDER BY name
                        """
                    )
                    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] ?? "", $0[1] ?? "") })
                }
                let branches = ["feature/cart-2", "feature/Cart_2"]
                for (round, after) in [SentHook.head, SentHook.head.replacing("9", with: "8")]
                    .enumerated()
                {
                    for (number, branch) in branches.enumerated() {
                        try await push(branch, after, "\(round)\(number)")
                    }
                    let pending = branches.map { ("refs/heads/\($0)", "pending") }
                    #expect(try phases() == Dictionary(uniqueKeysWithValues: pending))
                }
                // The end of one leaves the other, also when that is pushed again.
                try await push(branches[0], none, "30")
                try await push(branches[1], SentHook.head.replacing("9", with: "7"), "31")
                #expect(
                    try phases() == [
                        "refs/heads/feature/cart-2": "deleting",
                        "refs/heads/feature/Cart_2": "pending",
                    ]
                )
                try await push(branches[1], none, "32")
                #expect(Set(try phases().values) == ["deleting"])
            }
        }

        @Test func `secrets are shown once and tokens never`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let forge = try await platform.send(
                    .put,
                    "/v1/forges/own",
                    json: #"{"spec":{"kind":"gitlab","token":"glpat-very-secret"}}"#
                )
                #expect(forge.status == 201 && !forge.text.contains("very-secret"))
                #expect(forge.json["status"]?["hasToken"]?.bool == true)
                let made = try await platform.send(
                    .put,
                    "/v1/tenants/acme/sources/other",
                    json: #"{"spec":{"forge":"own","repository":"acme/other"}}"#
                )
                let secret = try #require(made.json["secret"]?.string, "\(made.text)")
                let shown = try await platform.send(.get, "/v1/tenants/acme/sources/other")
                #expect(shown.status == 200 && !shown.text.contains(secret))
                let used = try await platform.send(.delete, "/v1/forges/own")
                #expect(used.status == 409)
                let seen = try await platform.send(.get, "/v1/forges/own", as: developer)
                #expect(seen.json["spec"]?["url"]?.isNull == true)
                let stored = try platform.database.run(
                    "SELECT token FROM forge WHERE name = 'own' UNION SELECT secret FROM source"
                )
                #expect(stored.allSatisfy { $0[0]?.hasPrefix("v1.") == true })
            }
        }
    }
}
