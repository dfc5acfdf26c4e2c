import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// What is particular to environments; what all operations share is tested with the table.
    @Suite struct EnvironmentOperationTests {
        private static let environments = "/v1/tenants/acme/environments"
        private static let review = "\(environments)/pr-7"
        private static let push =
            #"{"spec":{"service":"shop","images":{"app":"r.example.com/shop:1"}}}"#

        @Test func `the same push again rolls nothing out, another image does`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let same = try await platform.send(.put, Self.review, json: Self.push)
                #expect(same.status == 200)
                #expect(same.json["status"]?["deployments"]?.int == 1)
                let next = Self.push.replacing("shop:1", with: "shop:2")
                let other = try await platform.send(.put, Self.review, json: next)
                #expect(other.status == 202)
                #expect(other.json["status"]?["coming"]?["number"]?.int == 2)
                let records = try await platform.send(.get, "\(Self.review)/deployments")
                let states = records.json["items"]?.array?.map { $0["state"]?.string }
                #expect(states == ["running", "superseded"])
                let outcome = records.json["items"]?[1]?["outcome"]?.string
                #expect(outcome?.hasPrefix("Superseded by roll-out 2 of ") == true)
            }
        }

        @Test func `everything that is wrong with an order is told at its place`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let reply = try await platform.send(
                    .post,
                    Self.environments,
                    json: """
                        {"name":"pr-8","spec":{"images":{"app":"r.example.com/a:1","other":"b"},\
                        "placement":{"cluster":"nowhere"},"lifetime":{"ttl":"1h","max":"1m"}}}
                        """
                )
                #expect(reply.code == "invalid-input")
                #expect(reply.pointers.contains("/spec/images/other"), "\(reply.text)")
                #expect(reply.pointers.contains("/spec/placement/cluster"), "\(reply.text)")
                let length = try await platform.send(
                    .put,
                    Self.review,
                    json: #"{"spec":{"lifetime":{"ttl":"soon"}}}"#
                )
                #expect(length.pointers == ["/spec/lifetime/ttl"])
            }
        }

        @Test func `a cluster of its own that cannot be made is refused at once`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                func order(_ placement: String) async throws -> Reply {
                    try await platform.send(
                        .put,
                        "\(Self.environments)/pr-9",
                        json: """
                            {"spec":{"images":{"app":"r.example.com/a:1"},\
                            "placement":\(placement)}}
                            """
                    )
                }
                let unknown = try await order(#"{"kind":"cluster","class":"nowhere"}"#)
                #expect(unknown.code == "invalid-input")
                #expect(unknown.pointers == ["/spec/placement/class"], "\(unknown.text)")
                try platform.database.run(
                    """
                    UPDATE tenant
                       SET spec = jsonb_set(
                            spec::jsonb, '{quotas,clusters,vcluster}', '0')::json
                    """
                )
                let beyond = try await order(#"{"kind":"vcluster"}"#)
                #expect(beyond.code == "quota-exceeded", "\(beyond.text)")
                let none = try await platform.send(.get, "\(Self.environments)/pr-9")
                #expect(none.status == 404)
            }
        }

        @Test func `a cluster that holds environments stays, and the answer names them`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let reply = try await platform.send(.delete, "/v1/tenants/acme/clusters/main")
                #expect(reply.code == "in-use")
                #expect(reply.text.contains("pr-7, staging"), "\(reply.text)")
                // One that goes already, with its tenant, is answered with its job.
                try platform.database.run(
                    """
                    UPDATE cluster
                       SET status = jsonb_set(status::jsonb, '{phase}', '"deleting"')::json,
                           phase = 'deleting'
                    """
                )
                let again = try await platform.send(.delete, "/v1/tenants/acme/clusters/main")
                #expect(again.status == 202, "\(again.text)")
            }
        }

        @Test func `only what names its content is promoted`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let staging = "\(Self.environments)/staging"
                let early = try await platform.send(
                    .post,
                    "\(staging):promote",
                    json: #"{"from":"pr-7"}"#
                )
                #expect(early.code == "state-conflict", "\(early.text)")
                let taken = try await platform.send(
                    .post,
                    "\(Self.review):promote",
                    json: #"{"from":"staging"}"#
                )
                #expect(taken.status == 202)
                let image = taken.json["spec"]?["images"]?["app"]?.string
                #expect(image?.contains("@sha256:") == true)
            }
        }

        @Test func `what ends soon is listed, the soonest first, a page at a time`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                for (name, ttl) in [("b", "2h"), ("a", "1h"), ("c", "9d")] {
                    let made = try await platform.send(
                        .put,
                        "\(Self.environments)/\(name)",
                        json: """
                            {"spec":{"images":{"app":"r.example.com/a:1"},\
                            "lifetime":{"ttl":"\(ttl)"}}}
                            """
                    )
                    #expect(made.status == 202)
                }
                let path = "/v1/environments:expiring?within=3h&limit=1"
                let first = try await platform.send(.get, path)
                #expect(first.json["items"]?.array?.map { $0["name"]?.string } == ["a"])
                let next = try #require(first.json["next"]?.string)
                let second = try await platform.send(.get, "\(path)&cursor=\(next)")
                #expect(second.json["items"]?.array?.map { $0["name"]?.string } == ["b"])
            }
        }

        @Test func `ends are rehearsed, paused with a reason, and resumed`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let due = try await platform.send(.get, "/v1/environments:due?within=15d")
                let first = due.json["items"]?.array?.first { $0["environment"] == "acme/pr-7" }
                #expect(first?["event"]?.string == "dev.slipway.environment.expiring")
                #expect(first?["held"]?.bool == false)
                let wish = #"{"reason":"Looking into the clock","for":"13d"}"#
                let paused = try await platform.send(
                    .post,
                    "/v1/environments:pause-expiry",
                    json: wish
                )
                #expect(paused.status == 200, "\(paused.text)")
                let list = try await platform.send(.get, "/v1/environments:expiring?within=30d")
                #expect(list.json["paused"]?["reason"]?.string == "Looking into the clock")
                let held = try await platform.send(.get, "/v1/environments:due?within=30d")
                let ends = held.json["items"]?.array?.filter { item in
                    item["event"]?.string?.hasSuffix("deletion-requested") == true
                }
                #expect(ends?.isEmpty == false)
                #expect(ends?.allSatisfy { $0["held"]?.bool == true } == true, "\(held.text)")
                let audit = try await platform.send(.get, "/v1/audit?operation=pauseExpiry")
                #expect(audit.json["items"]?.array?.count == 1)
                let resumed = try await platform.send(.post, "/v1/environments:resume-expiry")
                #expect(resumed.json["paused"]?.isNull == true, "\(resumed.text)")
                let long = try await platform.send(
                    .post,
                    "/v1/environments:pause-expiry",
                    json: #"{"reason":"For ever","for":"15d"}"#
                )
                #expect(long.pointers == ["/for"], "\(long.text)")
            }
        }

        @Test func `parts are changed although the template is gone, without a new end`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let before = try await platform.send(.get, Self.review)
                let name = #"{"spec":{"template":{"name":"gone"}}}"#
                try platform.database.run(
                    """
                    UPDATE environment
                       SET spec = jsonb_set(spec::jsonb, '{template,name}', '"gone"')::json
                     WHERE name = 'pr-7'
                    """
                )
                platform.clock.advance(by: .seconds(3_600))
                let labelled = try await platform.send(
                    .patch,
                    Self.review,
                    json: #"{"labels":{"team":"x"},"spec":{"deleteProtection":false}}"#
                )
                #expect(labelled.status == 200, "\(labelled.text)")
                let ends = [before, labelled].map { $0.json["status"]?["expiresAt"]?.string }
                #expect(ends[0] == ends[1] && ends[0] != nil)
                let refused = try await platform.send(.put, Self.review, json: Self.push)
                #expect(refused.pointers.contains("/spec/template"), "\(name) \(refused.text)")
            }
        }

        @Test func `whoever sees traffic says so, as often as it likes`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.database.run(
                    "UPDATE environment SET used_at = now() - interval '1 hour'"
                )
                for _ in 1...3 {
                    let used = try await platform.send(.post, "\(Self.review):use")
                    #expect(used.status == 204, "\(used.text)")
                }
                let written = try platform.database.run(
                    """
                    SELECT revision FROM environment
                     WHERE tenant_name = 'acme' AND used_at > now() - interval '1 minute'
                    """
                )
                #expect(written == [["2"]])
                let nobody = try await platform.send(
                    .post,
                    "/v1/tenants/acme/environments/none:use"
                )
                #expect(nobody.status == 404)
            }
        }

        @Test func `a cluster that is a namespace takes one environment`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.database.run(
                    """
                    UPDATE tenant
                       SET status = replace(status::text, '"kind":"vcluster"',
                                            '"kind":"namespace"')::json
                     WHERE name = 'acme'
                    """
                )
                let second = try await platform.send(
                    .put,
                    "\(Self.environments)/another",
                    json: Self.push
                )
                #expect(second.pointers == ["/spec/placement/cluster"], "\(second.text)")
                #expect(second.text.contains(" is in it: "), "\(second.text)")
            }
        }
    }
}
