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
    }
}
