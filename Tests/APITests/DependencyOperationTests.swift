import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Environments that need what runs in others.
    @Suite struct DependencyOperationTests {
        private static let environments = "/v1/tenants/acme/environments"

        /// Asks for an environment of shop that needs those.
        private static func put(
            _ name: String,
            needing dependencies: String,
            _ platform: Platform
        ) async throws -> Reply {
            try await platform.send(
                .put,
                "\(environments)/\(name)",
                json: """
                    {"spec":{"service":"shop","images":{"app":"r.example.com/shop:1"},\
                    "dependencies":[\(dependencies)]}}
                    """
            )
        }

        @Test func `who needs an environment stands with it, and keeps it from being deleted`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let need = #"{"service":"shop","environment":"pr-7","version":"^1.4"}"#
                let made = try await Self.put("pr-8", needing: need, platform)
                #expect(made.status == 202, "\(made.text)")
                let wish = made.json["spec"]?["dependencies"]?[0]
                #expect(wish?["version"]?.string == "^1.4" && wish?["name"]?.isNull == true)
                let needed = try await platform.send(.get, "\(Self.environments)/pr-7")
                #expect(needed.json["dependents"]?.array?.map(\.string) == ["pr-8"])
                for path in ["", "?dryRun=true"] {
                    let kept = try await platform.send(.delete, "\(Self.environments)/pr-7\(path)")
                    #expect(kept.code == "in-use" && kept.text.contains("pr-8"), "\(kept.text)")
                    let awake = try await platform.send(
                        .post,
                        "\(Self.environments)/pr-7:sleep\(path)"
                    )
                    #expect(awake.code == "in-use" && awake.text.contains("pr-8"), "\(awake.text)")
                }
                let round = #"{"service":"shop","environment":"pr-8"}"#
                let cycle = try await Self.put("pr-7", needing: round, platform)
                #expect(cycle.pointers == ["/spec/dependencies/0/environment"], "\(cycle.text)")
                #expect(cycle.text.contains("pr-8 depends on pr-7"), "\(cycle.text)")

                let going = try await platform.send(.delete, "\(Self.environments)/pr-8")
                #expect(going.status == 202, "\(going.text)")
                let free = try await platform.send(.get, "\(Self.environments)/pr-7")
                #expect(free.json["dependents"]?.array?.isEmpty == true, "\(free.text)")
                let gone = try await platform.send(.delete, "\(Self.environments)/pr-7")
                #expect(gone.status == 202, "\(gone.text)")
            }
        }

        @Test func `a plan is stale once what it depends on runs something else`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let need = #"{"service":"shop","environment":"pr-7"}"#
                let made = try await Self.put("pr-8", needing: need, platform)
                #expect(made.status == 202, "\(made.text)")
                let plan = try await platform.send(
                    .post,
                    "\(Self.environments)/pr-8:plan",
                    json: """
                        {"spec":{"service":"shop","images":{"app":"r.example.com/shop:2"},\
                        "dependencies":[\(need)]}}
                        """
                )
                let needs = plan.json["content"]?["basis"]?["needs"]?.object
                #expect(needs?["pr-7"]?.isNull == true, "\(plan.text)")
                // From here on something runs there.
                try platform.database.run(
                    """
                    UPDATE environment
                       SET status = jsonb_set(
                            status::jsonb, '{live}', status::jsonb -> 'coming')::json
                     WHERE tenant_name = 'acme' AND name = 'pr-7'
                    """
                )
                let path = try #require(plan.headers[.location])
                let stale = try await platform.send(.post, "\(path):apply")
                #expect(stale.code == "state-conflict", "\(stale.text)")
                #expect(stale.text.contains("in the environment pr-7"), "\(stale.text)")
            }
        }

        @Test func `a plan is stale once what it would take says something else`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.database.run(
                    """
                    UPDATE environment
                       SET status = (status::jsonb || jsonb_build_object(
                            'live', status::jsonb -> 'coming', 'coming', NULL,
                            'url', 'https://pr-7.example.com', 'phase', 'ready'))::json,
                           phase = 'ready'
                     WHERE tenant_name = 'acme' AND name = 'pr-7'
                    """
                )
                let needs =
                    #"{"service":"shop","environment":"pr-7"},{"offering":{"name":"cache"}}"#
                let made = try await Self.put("pr-8", needing: needs, platform)
                #expect(made.status == 202, "\(made.text)")
                try platform.settleServices()
                try platform.database.run(
                    """
                    UPDATE service_binding
                       SET status = (status::jsonb || jsonb_build_object(
                            'current', status::jsonb -> 'coming', 'coming', NULL,
                            'phase', 'ready'))::json,
                           phase = 'ready'
                    """
                )
                let body = """
                    {"spec":{"service":"shop","images":{"app":"r.example.com/shop:2"},\
                    "dependencies":[\(needs)]}}
                    """
                func plan() async throws -> String {
                    let path = "\(Self.environments)/pr-8:plan"
                    let plan = try await platform.send(.post, path, json: body)
                    let taken = plan.json["content"]?["basis"]?["taken"]?.array
                    #expect(taken?.map { $0["name"]?.string } == ["shop", "cache"], "\(plan.text)")
                    return try #require(plan.headers[.location])
                }
                for (table, change, said) in [
                    ("environment", #"{"url":"https://a.example.com"}"#, "environment pr-7 (url)"),
                    ("service_instance", #"{"outputs":{"port":"1"}}"#, "service pr-8-cache (port)"),
                ] {
                    let path = try await plan()
                    let name = table == "environment" ? "pr-7" : "pr-8-cache"
                    try platform.database.run(
                        """
                        UPDATE \(table) SET status = (status::jsonb || '\(change)')::json
                         WHERE tenant_name = 'acme' AND name = '\(name)'
                        """
                    )
                    let stale = try await platform.send(.post, "\(path):apply")
                    #expect(stale.code == "state-conflict", "\(stale.text)")
                    #expect(stale.text.contains("what it would take of \(said)"), "\(stale.text)")
                }
                let fresh = try await platform.send(.post, "\(try await plan()):apply")
                #expect(fresh.status == 202, "\(fresh.text)")
            }
        }

        @Test(
            arguments: [
                (#"{"service":"shop","environment":"none"}"#, "environment"),
                (#"{"service":"other","environment":"pr-7"}"#, "service"),
                (#"{"service":"shop","environment":"pr-7","version":"=>1"}"#, "version"),
                (#"{"service":"shop","environment":"pr-7","image":"app"}"#, "image"),
                (#"{"offering":"cache"}"#, "offering"),
            ]
        )
        func `what cannot be needed is refused at its place`(
            _ need: String,
            _ member: String
        )
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let reply = try await Self.put("pr-8", needing: need, platform)
                #expect(reply.pointers == ["/spec/dependencies/0/\(member)"], "\(reply.text)")
            }
        }
    }
}
