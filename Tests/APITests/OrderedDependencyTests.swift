import Domain
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Services that are ordered together with the environment that needs them.
    @Suite struct OrderedDependencyTests {
        private static let environment = "/v1/tenants/acme/environments/pr-8"
        private static let services = "/v1/tenants/acme/services"
        private static let service = "\(services)/pr-8-db"
        private static let binding = "\(service)/bindings/env"

        private static func body(_ dependencies: String..., image: Int = 1) -> String {
            """
            {"spec":{"service":"shop","images":{"app":"r.example.com/shop:\(image)"},\
            "dependencies":[\(dependencies.joined(separator: ","))]}}
            """
        }

        private static func cache(_ members: String = "") -> String {
            #"{"offering":{"name":"cache"},"name":"db"\#(members)}"#
        }

        @Test func `one call orders the service and its binding, and twice is once`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let body = Self.body(Self.cache(#","parameters":{"eviction":"noeviction"}"#))
                let plan = try await platform.send(
                    .put,
                    "\(Self.environment)?dryRun=true",
                    json: body
                )
                let order = try #require(plan.json["orders"]?[0], "\(plan.text)")
                #expect(order["pointer"] == "/spec/dependencies/0")
                #expect(order["service"]?["name"] == "pr-8-db")
                #expect(order["binding"]?["secret"] == "pr-8-db-env")
                #expect(plan.text.contains("services.total"))
                #expect(try await platform.send(.get, Self.service).status == 404)

                let made = try await platform.send(.put, Self.environment, json: body)
                #expect(made.status == 202, "\(made.text)")
                let service = try await platform.send(.get, Self.service)
                #expect(service.json["spec"]?["environment"] == "pr-8", "\(service.text)")
                #expect(service.json["spec"]?["parameters"]?["eviction"] == "noeviction")
                #expect(service.json["status"]?["dependency"] == "db")
                let binding = try await platform.send(.get, Self.binding)
                #expect(binding.json["spec"]?["consumer"]?["environment"] == "pr-8")

                let audit = try await platform.send(.get, "/v1/audit?operation=createBinding")
                let entry = try #require(audit.json["items"]?[0], "\(audit.text)")
                #expect(entry["object"]?["name"] == "acme/pr-8-db/env", "\(audit.text)")
                #expect(entry["cause"]?["kind"] == "environment", "\(audit.text)")
                #expect(entry["cause"]?["name"] == "acme/pr-8", "\(audit.text)")

                let again = try await platform.send(.put, Self.environment, json: body)
                #expect(again.status == 200, "\(again.text)")
                for (path, before) in [(Self.service, service), (Self.binding, binding)] {
                    let after = try await platform.send(.get, path)
                    #expect(after.headers[.etag] == before.headers[.etag], "\(after.text)")
                }
            }
        }

        @Test func `another plan changes the service, which nobody takes from the environment`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                _ = try await platform.send(
                    .put,
                    Self.environment,
                    json: Self.body(Self.cache())
                )
                let larger = Self.body(Self.cache(#","plan":"large","binding":null"#))
                let changed = try await platform.send(.put, Self.environment, json: larger)
                #expect(changed.status == 202, "\(changed.text)")
                #expect(changed.json["status"]?["coming"]?["number"] == 2)
                let service = try await platform.send(.get, Self.service)
                #expect(service.json["spec"]?["plan"] == "large", "\(service.text)")
                #expect(service.json["status"]?["coming"]?["number"] == 2)

                for path in ["\(Self.service)?bindings=revoke", Self.binding] {
                    let kept = try await platform.send(.delete, path)
                    #expect(kept.code == "in-use" && kept.text.contains("pr-8"), "\(kept.text)")
                }
                let read = Self.body(Self.cache(#","binding":{"parameters":{"access":"read"}}"#))
                let other = try await platform.send(.put, Self.environment, json: read)
                #expect(other.status == 202, "\(other.text)")
                let binding = try await platform.send(.get, Self.binding)
                #expect(binding.json["spec"]?["parameters"]?["access"] == "read")
                #expect(binding.json["status"]?["credentials"] == 2, "\(binding.text)")
                let kept = try await platform.send(.get, Self.service)
                #expect(kept.json["spec"]?["plan"] == "large", "What is left out stays.")

                let going = try await platform.send(.delete, Self.environment)
                #expect(going.status == 202, "\(going.text)")
                let gone = try await platform.send(.get, Self.service)
                #expect(gone.json["status"]?["phase"] == "deleting", "\(gone.text)")
            }
        }

        @Test func `a plan says what is ordered, changed, kept and given back`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                _ = try await platform.send(
                    .put,
                    Self.environment,
                    json: Self.body(Self.cache())
                )
                try platform.settleServices()
                let db = Self.cache()
                let large = Self.cache(#","plan":"large""#)
                let other = #"{"offering":{"name":"cache"},"plan":"small","name":"more"}"#
                func actions(_ orders: JSON?) -> [String] {
                    (orders?.array ?? []).map { order in
                        let place = order["pointer"]?.string ?? "left out"
                        let service = order["service"]
                        let words = ["action", "name", "offering", "version", "plan"]
                            .compactMap { service?[$0]?.string }
                        let binding = order["binding"]?["action"]?.string ?? ""
                        return ([place] + words + [binding]).joined(separator: " ")
                    }
                }
                let place = "/spec/dependencies"
                for (body, expected) in [
                    (
                        Self.body(db, other, image: 2),
                        [
                            "\(place)/0 none pr-8-db cache 1.0.0 small none",
                            "\(place)/1 create pr-8-more cache 1.0.0 small create",
                        ]
                    ),
                    (
                        Self.body(large, image: 2),
                        ["\(place)/0 update pr-8-db cache 1.0.0 large none"]
                    ),
                    (
                        Self.body(other, image: 2),
                        [
                            "\(place)/0 create pr-8-more cache 1.0.0 small create",
                            "left out delete pr-8-db cache 1.0.0 small delete",
                        ]
                    ),
                ] {
                    let dry = try await platform.send(
                        .put,
                        "\(Self.environment)?dryRun=true",
                        json: body
                    )
                    #expect(actions(dry.json["orders"]) == expected, "\(dry.text)")
                    let plan = try await platform.send(
                        .post,
                        "\(Self.environment):plan",
                        json: body
                    )
                    let outlook = plan.json["content"]?["outlook"]
                    #expect(actions(outlook?["orders"]) == expected, "\(plan.text)")
                }
                let service = try await platform.send(.get, "\(Self.services)/pr-8-more")
                #expect(service.status == 404, "\(service.text)")
            }
        }

        @Test func `a plan is stale once something else would become of what it orders`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let body = Self.body(Self.cache(#","plan":"large""#))
                _ = try await platform.send(.put, Self.environment, json: body)
                try platform.settleServices()
                let next = Self.body(Self.cache(#","plan":"large""#), image: 2)
                func plan() async throws -> String {
                    let plan = try await platform.send(
                        .post,
                        "\(Self.environment):plan",
                        json: next
                    )
                    return try #require(plan.headers[.location], "\(plan.text)")
                }
                let path = try await plan()
                let shrunk = try await platform.send(
                    .patch,
                    Self.service,
                    json: #"{"spec":{"plan":"small"}}"#
                )
                #expect(shrunk.status == 202, "\(shrunk.text)")
                let stale = try await platform.send(.post, "\(path):apply")
                #expect(stale.code == "state-conflict", "\(stale.text)")
                #expect(
                    stale.text.contains(
                        "service pr-8-db (none: cache 1.0.0, large; binding: none, now update: "
                            + "cache 1.0.0, large; binding: none)"
                    ),
                    "\(stale.text)"
                )
                let kept = try await platform.send(.get, Self.service)
                #expect(kept.json["spec"]?["plan"] == "small", "\(kept.text)")
                let fresh = try await platform.send(.post, "\(try await plan()):apply")
                #expect(fresh.status == 202, "\(fresh.text)")
                let changed = try await platform.send(.get, Self.service)
                #expect(changed.json["spec"]?["plan"] == "large", "\(changed.text)")
            }
        }

        @Test(
            arguments: [
                (#"{"offering":{"name":"cahce"}}"#, "offering/name"),
                (#"{"offering":{"name":"cache","version":"9.0.0"}}"#, "offering/version"),
                (#"{"offering":{"name":"queue"}}"#, "offering/name"),
                (#"{"offering":{"name":"cache"},"plan":"huge"}"#, "plan"),
                (#"{"offering":{"name":"cache"},"parameters":{"memory":1}}"#, "parameters/memory"),
                (
                    #"{"offering":{"name":"cache"},"binding":{"parameters":{"access":"all"}}}"#,
                    "binding/parameters/access"
                ),
                (#"{"offering":{"name":"cache"},"name":"taken"}"#, "name"),
                (#"{"offering":{"name":"cache"},"environment":"pr-7"}"#, "environment"),
            ]
        )
        func `what is wrong with an order is told at its place, and orders nothing`(
            _ order: String,
            _ member: String
        ) async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let taken = try await platform.send(
                    .put,
                    "/v1/tenants/acme/services/pr-8-taken",
                    json: #"{"spec":{"offering":{"name":"cache"}}}"#
                )
                #expect(taken.status == 202, "\(taken.text)")
                let reply = try await platform.send(
                    .put,
                    Self.environment,
                    json: Self.body(Self.cache(), order)
                )
                #expect(reply.code == "invalid-input", "\(reply.text)")
                #expect(reply.pointers == ["/spec/dependencies/1/\(member)"], "\(reply.text)")
                #expect(try await platform.send(.get, Self.environment).status == 404)
                #expect(try await platform.send(.get, Self.service).status == 404)
            }
        }

        @Test func `quotas count what is ordered with an environment`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.database.run(
                    """
                    UPDATE tenant SET spec =
                        jsonb_set(spec::jsonb, '{quotas,services,total}', '2')::json
                    """
                )
                let two = Self.body(Self.cache(), #"{"offering":{"name":"cache"}}"#)
                for path in [Self.environment, "\(Self.environment)?dryRun=true"] {
                    let beyond = try await platform.send(.put, path, json: two)
                    #expect(beyond.code == "quota-exceeded", "\(beyond.text)")
                    #expect(beyond.text.contains("services.total"), "\(beyond.text)")
                }
                #expect(try await platform.send(.get, Self.environment).status == 404)
                let one = Self.body(Self.cache())
                let made = try await platform.send(.put, Self.environment, json: one)
                #expect(made.status == 202, "\(made.text)")
            }
        }

        @Test func `long names and names of numbers become names of services`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                for name in ["7-fix-the-checkout-of-orders", "7"] {
                    let made = try await platform.send(
                        .put,
                        "/v1/tenants/acme/environments/\(name)",
                        json: Self.body(Self.cache())
                    )
                    #expect(made.status == 202, "\(made.text)")
                    let list = try await platform.send(
                        .get,
                        "/v1/tenants/acme/services?environment=\(name)"
                    )
                    let service = try #require(list.json["items"]?[0]?["name"]?.string)
                    #expect(service.hasPrefix("e-7-") && service.utf8.count <= 30, "\(service)")
                }
            }
        }

        @Test func `a pipeline orders what its trust names`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                func token(_ subject: String) async throws -> [(HeaderName, String)] {
                    let reply = try await platform.exchange(subject)
                    let token = try #require(reply.json["access_token"]?.string, "\(reply.text)")
                    try platform.letTokensLive()
                    return [(.authorization, "Bearer \(token)")]
                }
                let body = Self.body(Self.cache())
                let run = try await token("run")
                for path in [Self.environment, "\(Self.environment)?dryRun=true"] {
                    let refused = try await platform.send(.put, path, as: nil, json: body, run)
                    #expect(refused.code == "beyond-trust", "\(refused.text)")
                    #expect(refused.text.contains("`cache`"), "\(refused.text)")
                }
                #expect(try await platform.send(.get, Self.service).status == 404)
                let widened = try await platform.send(
                    .patch,
                    "/v1/tenants/acme/trusts/shop-ci",
                    json: #"{"spec":{"offerings":["ca*"]}}"#
                )
                #expect(widened.status == 200, "\(widened.text)")
                let next = try await token("next run")
                let path = Self.environment
                let made = try await platform.send(.put, path, as: nil, json: body, next)
                #expect(made.status == 202, "\(made.text)")
                #expect(try await platform.send(.get, Self.service).status == 200)
                let narrowed = try await platform.send(
                    .patch,
                    "/v1/tenants/acme/trusts/shop-ci",
                    json: #"{"spec":{"offerings":[]}}"#
                )
                #expect(narrowed.status == 200, "\(narrowed.text)")
                let last = try await token("last run")
                let without = Self.body(image: 2)
                for path in [Self.environment, "\(Self.environment)?dryRun=true"] {
                    let refused = try await platform.send(.put, path, as: nil, json: without, last)
                    #expect(refused.code == "beyond-trust", "\(refused.text)")
                }
                #expect(
                    try await platform.send(
                        .patch,
                        Self.service,
                        json: #"{"spec":{"deleteProtection":true}}"#
                    ).status < 300
                )
                for path in [Self.environment, "\(Self.environment)?dryRun=true"] {
                    let refused = try await platform.send(.put, path, json: without)
                    #expect(refused.code == "in-use", "\(refused.text)")
                    #expect(refused.text.contains("pr-8-db"), "\(refused.text)")
                }
            }
        }

        /// What the job of the roll-out does first: jobs do not run here.
        private static func place(
            _ deployment: String,
            _ platform: Platform
        ) async throws -> RollOutOrders.Progress {
            let found = try await platform.services.storage.environments.find(
                EnvironmentName("pr-8"),
                of: TenantName("acme"),
                as: .system
            )
            let services = platform.services
            return try await RollOutOrders { services }.place(
                for: try #require(found).environment(),
                DeploymentID(parsing: deployment),
                by: "ann"
            )
        }

        private static func guarded(_ dependencies: String) -> String {
            """
            {"spec":{"type":"staging","service":"shop","approvals":{"required":1},\
            "images":{"app":"r.example.com/shop:1"},"dependencies":[\(dependencies)]}}
            """
        }

        /// Asks for it, and is held; the roll-out's id.
        private static func held(
            _ dependencies: String,
            _ platform: Platform
        ) async throws -> String {
            let asked = try await platform.send(.put, environment, json: guarded(dependencies))
            #expect(asked.status < 300 && asked.json["status"]?["held"] != .null, "\(asked.text)")
            return try #require(asked.json["status"]?["held"]?["deployment"]?.string)
        }

        private static func approve(_ deployment: String, _ platform: Platform) async throws {
            let reply = try await platform.send(
                .post,
                "\(environment)/deployments/\(deployment):approve",
                as: Platform.Holder(role: .tenantAdmin, tenant: "acme"),
                json: "{}"
            )
            #expect(reply.status == 202, "\(reply.text)")
        }

        @Test func `what is held orders nothing before it is approved`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let preview = try await platform.send(
                    .put,
                    "\(Self.environment)?dryRun=true",
                    json: Self.guarded(Self.cache())
                )
                #expect(preview.json["orders"]?[0]?["service"] != nil, "\(preview.text)")
                let first = try await Self.held(Self.cache(), platform)
                #expect(try await Self.place(first, platform) == .placed)
                #expect(try await platform.send(.get, Self.service).status == 404)
                try await Self.approve(first, platform)
                for _ in 0..<2 {
                    #expect(try await Self.place(first, platform) == .placed)
                    let made = try await platform.send(.get, Self.service)
                    #expect(made.json["spec"]?["plan"] == "small", "\(made.text)")
                    #expect(made.json["status"]?["coming"]?["number"] == 1, "\(made.text)")
                }
                #expect(try await platform.send(.get, Self.binding).status == 200)

                let larger = Self.cache(#","plan":"large""#)
                func plan() async throws -> String? {
                    let found = try await platform.send(.get, Self.service)
                    return found.json["spec"]?["plan"]?.string
                }
                let given = try await Self.held(larger, platform)
                #expect(try await plan() == "small")
                let rejected = try await platform.send(
                    .post,
                    "\(Self.environment)/deployments/\(given):reject",
                    json: #"{"reason":"too dear"}"#
                )
                #expect(rejected.status == 200, "\(rejected.text)")
                #expect(try await Self.place(given, platform) == .placed)
                #expect(try await plan() == "small", "It is over.")

                let wanted = try await Self.held(larger, platform)
                try await Self.approve(wanted, platform)
                #expect(try await plan() == "small", "Its job has not begun.")
                #expect(try await Self.place(wanted, platform) == .placed)
                #expect(try await plan() == "large")
            }
        }

        @Test func `what can no longer be ordered once it is approved is told`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let deployment = try await Self.held(Self.cache(), platform)
                try await Self.approve(deployment, platform)
                try platform.database.run(
                    """
                    UPDATE tenant SET spec = jsonb_set(jsonb_set(spec::jsonb,
                        '{quotas,services}', '{}'), '{quotas,services,total}', '0')::json
                    """
                )
                let progress = try await Self.place(deployment, platform)
                guard case .refused(let words) = progress else {
                    Issue.record("\(progress)")
                    return
                }
                #expect(words.contains("services.total"), "\(words)")
                #expect(try await platform.send(.get, Self.service).status == 404)
            }
        }
    }
}
