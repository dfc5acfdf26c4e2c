import Catalog
import Domain
import EventLoop
import HTTP
import JSON
import Scorecards
import Storage
import Synchronization
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Scorecards that people write, and how entities stand by them.
    @Suite struct ScorecardOperationTests {
        private static let path = "/v1/scorecards/services"

        private static func body(_ rules: String, entities: String = "kind=component") -> String {
            """
            {"apiVersion":"slipway.dev/v1","kind":"Scorecard","metadata":{"name":"services"},\
            "spec":{"entities":"\(entities)","levels":["basic","good"],"rules":[\(rules)]}}
            """
        }

        private static let described = """
            {"id":"described","title":"Described","level":"basic","entity":"metadata.description"}
            """
        private static let healthy = """
            {"id":"healthy","title":"Well","level":"good","live":"environmentsHealthy"}
            """

        private func judge(_ platform: Platform) async throws {
            try platform.database.run("UPDATE scorecard SET due_at = now()")
            let pool = platform.services.pool
            while try await platform.storage.scorecards.judgeNext(
                at: platform.clock.now,
                { scorecard, page in try await pool.run { page.judged(by: scorecard) } }
            ) {}
        }

        private func result(_ platform: Platform, of entity: String) async throws -> JSON? {
            let reply = try await platform.send(
                .get,
                "/v1/catalog/entities/\(entity)/scorecards"
            )
            return reply.json["items"]?.array?.first { $0["scorecard"]?.string == "services" }
        }

        @Test func `a rule over an entity and what runs leads to levels, with history`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let made = try await platform.send(
                    .put,
                    Self.path,
                    json: Self.body("\(Self.described),\(Self.healthy)")
                )
                #expect(made.status == 201, "\(made.text)")
                #expect(made.headers[.location] == Self.path)
                try await judge(platform)
                let first = try await result(platform, of: "component/acme/shop")
                #expect(first?["level"]?.isNull == true)
                #expect(first?["met"]?.int == 1)
                #expect(first?["commit"]?.isNull == true)
                platform.clock.advance(by: .seconds(1))
                _ = try await platform.write(
                    "shop",
                    of: "acme",
                    metadata: #","description":"Sells.""#
                )
                try await judge(platform)
                #expect(
                    try await result(platform, of: "component/acme/shop")?["level"]?.string
                        == "good"
                )
                platform.clock.advance(by: .seconds(1))
                try platform.database.run(
                    """
                    UPDATE environment SET phase = 'degraded'
                     WHERE tenant_name = 'acme' AND name = 'pr-7'
                    """
                )
                try await judge(platform)
                let last = try await result(platform, of: "component/acme/shop")
                #expect(last?["level"]?.string == "basic")
                let finding = last?["rules"]?[1]?["findings"]?[0]
                #expect(finding?["object"]?.string == "/v1/tenants/acme/environments/pr-7")
                let levels = last?["history"]?.array?.map { $0["level"]?.string }
                #expect(levels == ["basic", "good", nil])
                // Once more changes nothing, and the other tenant's does not count.
                try await judge(platform)
                let again = try await result(platform, of: "component/acme/shop")
                #expect(again?["history"]?.array?.count == 3)
                let other = try await result(platform, of: "component/globex/shop")
                #expect(other?["rules"]?[1]?["met"]?.bool == true)
                let shown = try await platform.send(.get, Self.path)
                #expect(shown.json["status"]?["entities"]?.int == 2)
                #expect(shown.json["status"]?["complete"]?.bool == true)
            }
        }

        @Test func `repositories answer rules about files without being read again`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let rule = """
                    {"id":"docs","title":"Docs","level":"basic","files":["docs/**"]},\
                    {"id":"probes","title":"Probes","level":"basic","manifests":"livenessProbe"}
                    """
                _ = try await platform.send(.put, Self.path, json: Self.body(rule))
                try await judge(platform)
                let before = try await result(platform, of: "component/acme/shop")
                #expect(before?["met"]?.int == 0)
                try platform.database.run(Self.repositories)
                try await judge(platform)
                let after = try await result(platform, of: "component/acme/shop")
                #expect(after?["commit"]?.string == "abc")
                #expect(after?["rules"]?[0]?["met"]?.bool == true)
                #expect(after?["rules"]?[1]?["findings"]?[0]?["line"]?.int == 3)
                let other = try await result(platform, of: "component/globex/shop")
                #expect(other?["met"]?.int == 0)
            }
        }

        @Test func `a round keeps nothing by rules that somebody changes meanwhile`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                _ = try await platform.send(.put, Self.path, json: Self.body(Self.described))
                try platform.database.run("UPDATE scorecard SET due_at = now()")
                let change = "UPDATE scorecard SET revision = revision + 1"
                try await platform.database.holding(change) {
                    _ = try await platform.storage.scorecards.judgeNext(
                        at: platform.clock.now,
                        { scorecard, page in page.judged(by: scorecard) }
                    )
                }
                #expect(try await result(platform, of: "component/acme/shop") == nil)
            }
        }

        @Test func `paths are only read where a rule asks for files`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.database.run(Self.repositories)
                let probes = """
                    {"id":"probes","title":"Probes","level":"basic","manifests":"livenessProbe"}
                    """
                let docs = """
                    {"id":"docs","title":"Docs","level":"basic","files":["docs/**"]}
                    """
                for (rules, hasPaths) in [(probes, false), ("\(probes),\(docs)", true)] {
                    _ = try await platform.send(.put, Self.path, json: Self.body(rules))
                    try platform.database.run("UPDATE scorecard SET due_at = now()")
                    let seen = Mutex<[[UInt8]]>([])
                    _ = try await platform.storage.scorecards.judgeNext(
                        at: platform.clock.now,
                        { scorecard, page in
                            seen.withLock { $0 += page.repositories.values }
                            return page.judged(by: scorecard)
                        }
                    )
                    let facts = seen.withLock { $0 }
                    #expect(facts.count == 1)
                    let text = String(decoding: facts.first ?? [], as: UTF8.self)
                    #expect(text.contains("docs/a.md") == hasPaths)
                    let judged = try await result(platform, of: "component/acme/shop")
                    #expect(judged?["commit"]?.string == "abc")
                    #expect(judged?["rules"]?[0]?["findings"]?[0]?["line"]?.int == 3)
                }
            }
        }

        /// What was found in the repository of one tenant.
        private static let repositories = """
            INSERT INTO catalog_location (
                id, tenant_id, is_discovered, target, repository, phase, status, due_at,
                revision, created_at, updated_at)
            SELECT gen_random_uuid(), id, true, 'https://a.example/b.git//c.yaml', 'a',
                   'ready', '{}', now(), 1, now(), now()
              FROM tenant WHERE name = 'acme';
            INSERT INTO scorecard_repository (location_id, facts)
            SELECT id, '{"commit":"abc","paths":["docs/a.md"],"findings":{"livenessProbe":\
            [{"file":"b.yaml","line":3,"detail":"Add one."}]}}'
              FROM catalog_location WHERE is_discovered
            """

        @Test func `a rule that cannot be read is refused with its place`() async throws {
            try await Platform.run { platform in
                let rules = """
                    {"id":"A","title":"a","level":"basic","live":"nothing"},\
                    {"id":"b","title":"b","level":"best","kubernetes":"1.33"},\
                    {"id":"c","title":"c","level":"good","files":"/x","entity":"kind"},\
                    {"id":"d","title":"d","level":"good","entity":"=x","lvel":1},\
                    {"id":"d","title":"d","level":"good","files":["/x"]}
                    """
                let reply = try await platform.send(.put, Self.path, json: Self.body(rules))
                #expect(reply.status == 422)
                let places = Set(
                    (reply.json["errors"]?.array ?? []).compactMap { $0["pointer"]?.string }
                )
                let wanted = [
                    "0/id", "0/live", "1/level", "1/kubernetes", "2", "3/entity", "3/lvel",
                    "4/files/0",
                ]
                for place in wanted {
                    #expect(places.contains("/spec/rules/\(place)"), "\(place) \(places)")
                }
                let renamed = Self.body(Self.described).replacing(
                    #""name":"services""#,
                    with: #""name":"other""#
                )
                let other = try await platform.send(.put, Self.path, json: renamed)
                #expect(other.json["errors"]?[0]?["pointer"]?.string == "/metadata/name")
                let all = try await platform.send(.get, "/v1/scorecards")
                #expect(all.json["items"]?.array?.count == 1)
            }
        }

        @Test func `what comes with Slipway stays, and what is written comes and goes`()
            async throws
        {
            try await Platform.run { platform in
                let shipped = "/v1/scorecards/platform-native"
                let before = try await platform.send(.get, shipped)
                #expect(before.json["status"]?["builtIn"]?.bool == true)
                let body = Self.body(Self.described).replacing(
                    #""name":"services""#,
                    with: #""name":"platform-native""#
                )
                for method in [Method.put, .delete] {
                    let reply = try await platform.send(
                        method,
                        shipped,
                        json: method == .put ? body : nil
                    )
                    #expect(reply.status == 409, "\(reply.text)")
                }
                try await platform.plantEnvironments()
                let rules = Self.body(Self.described)
                let tenant = Platform.Holder(role: .tenantAdmin, tenant: "acme")
                let denied = try await platform.send(.put, Self.path, as: tenant, json: rules)
                #expect(denied.status == 404)
                let planned = try await platform.send(.put, "\(Self.path)?dryRun=true", json: rules)
                #expect(planned.json["action"]?.string == "create", "\(planned.text)")
                let made = try await platform.send(.put, Self.path, json: rules)
                #expect(made.status == 201)
                let same = try await platform.send(.put, Self.path, json: made.text)
                #expect(same.headers[.etag] == made.headers[.etag])
                try await judge(platform)
                #expect(try await result(platform, of: "component/acme/shop") != nil)
                // What is judged no more is forgotten, and all of it with the scorecard.
                let narrower = Self.body(Self.described, entities: "metadata.namespace=globex")
                let changed = try await platform.send(.put, Self.path, json: narrower)
                #expect(changed.status == 200)
                try await judge(platform)
                #expect(try await result(platform, of: "component/acme/shop") == nil)
                #expect(try await result(platform, of: "component/globex/shop") != nil)
                let gone = try await platform.send(.delete, Self.path)
                #expect(gone.status == 204)
                #expect(try await platform.send(.get, Self.path).status == 404)
                _ = try await platform.storage.scorecards.removeForgotten(
                    besides: ["platform-native"],
                    batch: 100
                )
                #expect(try await result(platform, of: "component/globex/shop") == nil)
                let events = try platform.database.run(
                    "SELECT type FROM event WHERE subject_kind = 'scorecard' ORDER BY seq"
                )
                #expect(
                    events.map { $0[0] }
                        == ["created", "updated", "deleted"]
                        .map { "dev.slipway.scorecard.\($0)" }
                )
            }
        }
    }
}
