import Domain
import GitOps
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// What is particular to services; what all operations share is tested with the table.
    @Suite struct ServiceOperationTests {
        private static let services = "/v1/tenants/acme/services"
        private static let orders = "\(services)/orders"

        @Test func `an offering is listed once, with its versions and without what plans set`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let list = try await platform.send(.get, "/v1/offerings")
                let names = list.json["items"]?.array?.map { $0["name"]?.string }
                #expect(names == ["cache", "queue"], "\(list.text)")
                let cache = try #require(list.json["items"]?[0])
                let versions = cache["versions"]?.array?.compactMap { $0["version"]?.string }
                #expect(versions == ["1.0.0", "1.1.0"])
                let open = cache["plans"]?[0]?["parameters"]?["properties"]
                #expect(open?["memory"] == nil && open?["eviction"] != nil)
                #expect(cache["plans"]?[0]?["parameters"]?["required"]?.array == [])
                let tagged = try await platform.send(.get, "/v1/offerings?tag=data&limit=1")
                #expect(tagged.json["items"]?.array?.count == 1)
                let newer = try await platform.send(
                    .get,
                    "/v1/offerings/platform/cache?version=1.1.0",
                    as: Platform.Holder(role: .viewer, tenant: "acme")
                )
                #expect(newer.json["version"] == "1.1.0" && newer.json["docs"] == "# Cache\n")
                let none = try await platform.send(.get, "/v1/offerings/platform/nothing")
                #expect(none.status == 404)
            }
        }

        @Test func `what cannot be ordered here says why`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let path = "/v1/tenants/acme/available-services"
                let here = try await platform.send(.get, path)
                #expect(here.json["items"]?.array?.map { $0["name"]?.string } == ["cache"])
                let queue = try #require(here.json["unavailable"]?[0])
                #expect(queue["name"] == "queue")
                #expect(queue["reasons"]?[0]?.string?.contains("RabbitmqCluster") == true)
                let review = try await platform.send(.get, "\(path)?environment=pr-7")
                #expect(review.json["items"]?.array?.count == 1, "\(review.text)")
                let order = try await platform.send(
                    .post,
                    Self.services,
                    json: #"{"name":"mq","spec":{"offering":{"name":"queue"}}}"#
                )
                #expect(order.code == "invalid-input", "\(order.text)")
                #expect(order.pointers == ["/spec/offering/name"])
                try platform.database.run(
                    """
                    UPDATE tenant SET spec =
                        jsonb_set(spec::jsonb, '{quotas,services,total}', '1')::json
                    """
                )
                let full = try await platform.send(.get, path)
                #expect(full.json["items"]?.array == [], "\(full.text)")
                #expect(full.text.contains("services.total: 1 of 1 are used"))
                let beyond = try await platform.send(
                    .post,
                    Self.services,
                    json: #"{"name":"more","spec":{"offering":{"name":"cache"}}}"#
                )
                #expect(beyond.code == "quota-exceeded", "\(beyond.text)")
            }
        }

        @Test(arguments: [
            (#"{"offering":{"name":"cahce"}}"#, "/spec/offering/name"),
            (#"{"offering":{"name":"cache","version":"9.0.0"}}"#, "/spec/offering/version"),
            (#"{"offering":{"name":"cache"},"plan":"huge"}"#, "/spec/plan"),
            (
                #"{"offering":{"name":"cache"},"parameters":{"memory":1}}"#,
                "/spec/parameters/memory"
            ),
            (
                #"{"offering":{"name":"cache"},"parameters":{"eviction":"never"}}"#,
                "/spec/parameters/eviction"
            ),
            (#"{"offering":{"name":"cache"},"cluster":"nowhere"}"#, "/spec/cluster"),
            (#"{"offering":{"name":"cache"},"environment":"nowhere"}"#, "/spec/environment"),
        ])
        func `what is wrong with an order is told at its place`(
            spec: String,
            pointer: String
        ) async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let reply = try await platform.send(
                    .post,
                    Self.services,
                    json: #"{"name":"new","spec":\#(spec)}"#
                )
                #expect(reply.code == "invalid-input", "\(reply.text)")
                #expect(reply.pointers == [pointer], "\(reply.text)")
            }
        }

        @Test func `a wrong parameter has the code of its rule, whatever it is a parameter of`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                func codes(_ path: String, _ spec: String) async throws -> [String?] {
                    let reply = try await platform.send(.put, path, json: #"{"spec":\#(spec)}"#)
                    #expect(reply.code == "invalid-input", "\(reply.text)")
                    return (reply.json["errors"]?.array ?? []).map { $0["code"]?.string }
                }
                let service = "\(Self.services)/new"
                let cache = #""offering":{"name":"cache"}"#
                #expect(
                    try await codes(service, #"{\#(cache),"parameters":{"eviction":"never"}}"#)
                        == ["enum"]
                )
                #expect(
                    try await codes(service, #"{\#(cache),"parameters":{"slots":"many"}}"#)
                        == ["type"]
                )
                #expect(
                    try await codes(service, #"{\#(cache),"parameters":{"x":1}}"#)
                        == ["additionalProperties"]
                )
                #expect(
                    try await codes(service, #"{\#(cache),"parameters":{"memory":1}}"#)
                        == ["conflicting"]
                )
                #expect(
                    try await codes(
                        "\(Self.orders)/bindings/new",
                        #"{"consumer":{"environment":"pr-7"},"parameters":{"access":"x"}}"#
                    ) == ["enum"]
                )
                #expect(
                    try await codes(
                        "/v1/tenants/acme/environments/pr-8",
                        #"""
                        {"service":"shop","images":{"app":"r.example.com/shop:1"},\#
                        "parameters":{"x":1},"dependencies":[{\#(cache),\#
                        "parameters":{"eviction":"never"}}]}
                        """#
                    ) == ["additionalProperties"]
                )
                #expect(
                    try await codes(
                        "/v1/tenants/acme/environments/pr-8",
                        #"""
                        {"service":"shop","images":{"app":"r.example.com/shop:1"},\#
                        "dependencies":[{\#(cache),"parameters":{"eviction":"never"}}]}
                        """#
                    ) == ["enum"]
                )
            }
        }

        @Test func `what a plan sets is not told to those who guess`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let reply = try await platform.send(
                    .post,
                    Self.services,
                    json: #"""
                        {"name":"new","spec":{"offering":{"name":"cache"},"parameters":{"x":1}}}
                        """#
                )
                #expect(reply.pointers == ["/spec/parameters/x"], "\(reply.text)")
                #expect(reply.text.contains("slots") && !reply.text.contains("memory"))
            }
        }

        @Test func `a preview shows the objects that would change, and changes nothing`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let new = try await platform.send(
                    .post,
                    "\(Self.services)?dryRun=true",
                    json: #"{"name":"fresh","spec":{"offering":{"name":"cache"}}}"#
                )
                let made = try #require(new.json["manifests"]?["changes"]?[0])
                #expect(made["action"] == "added", "\(new.text)")
                #expect(made["object"] == "ConfigMap/fresh in s-fresh")
                try platform.settleServices()
                let plan = try await platform.send(
                    .post,
                    "\(Self.orders):upgrade?dryRun=true",
                    json: #"{"version":"1.1.0"}"#
                )
                let change = try #require(plan.json["manifests"]?["changes"]?[0], "\(plan.text)")
                #expect(change["action"] == "changed")
                #expect(change["diff"]?.string?.contains("better") == true, "\(plan.text)")
                let now = try await platform.send(.get, Self.orders)
                #expect(now.json["spec"]?["offering"]?["version"] == "1.0.0")
                #expect(now.headers[.etag] == "\"1\"")
            }
        }

        @Test func `a service is upgraded when somebody asks, and only to what it may`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.settleServices()
                let path = "\(Self.orders):upgrade"
                let none = try await platform.send(.post, path, json: "{}")
                #expect(none.code == "state-conflict", "\(none.text)")
                try platform.database.run(
                    """
                    UPDATE blueprint_version SET state = 'proposed' WHERE version = '1.0.0';
                    UPDATE blueprint_version SET state = 'default' WHERE version = '1.2.0'
                    """
                )
                let done = try await platform.send(.post, path, json: "{}")
                #expect(done.status == 202, "\(done.text)")
                let coming = done.json["status"]?["coming"]
                #expect(coming?["offering"]?["version"] == "1.1.0")
                #expect(coming?["blueprint"]?["version"] == "1.2.0")
                let back = try await platform.send(
                    .post,
                    path,
                    json: #"{"version":"1.0.0"}"#
                )
                #expect(back.pointers == ["/spec/offering/version"], "\(back.text)")
            }
        }

        @Test func `what may only grow does not shrink, and another plan is another delivery`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                func put(_ more: String) async throws -> Reply {
                    try await platform.send(
                        .put,
                        Self.orders,
                        json: #"{"spec":{"offering":{"name":"cache"},\#(more)}}"#
                    )
                }
                let same = try await put(#""plan":"small""#)
                #expect(same.status == 200, "\(same.text)")
                let grown = try await put(#""plan":"large","parameters":{"slots":3}"#)
                #expect(grown.status == 202, "\(grown.text)")
                #expect(grown.json["status"]?["coming"]?["number"]?.int == 2)
                #expect(!grown.text.contains("2048"), "what a plan sets is shown")
                let shrunk = try await put(#""plan":"large","parameters":{"slots":2}"#)
                #expect(shrunk.pointers == ["/spec/parameters/slots"], "\(shrunk.text)")
                let moved = try await put(
                    #""plan":"large","parameters":{"slots":3},"cluster":"other""#
                )
                #expect(moved.pointers == ["/spec/cluster"], "\(moved.text)")
                let patched = try await platform.send(
                    .patch,
                    Self.orders,
                    json: #"{"spec":{"deleteProtection":true},"labels":{"team":"shop"}}"#
                )
                #expect(patched.status == 200, "\(patched.text)")
                let kept = try await platform.send(.delete, "\(Self.orders)?bindings=revoke")
                #expect(kept.code == "delete-protected", "\(kept.text)")
            }
        }

        @Test func `a service with bindings goes as it is told to`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let refused = try await platform.send(.delete, Self.orders)
                #expect(refused.code == "in-use" && refused.text.contains("shop"))
                let plan = try await platform.send(.delete, "\(Self.orders)?bindings=maybe")
                #expect(plan.status == 400, "\(plan.text)")
                let waits = try await platform.send(.delete, "\(Self.orders)?bindings=wait")
                #expect(waits.status == 202, "\(waits.text)")
                #expect(waits.json["dependents"] == ["shop"])
                #expect(waits.json["status"]?["phase"] == "deleting")
                let again = try await platform.send(.delete, Self.orders)
                #expect(again.headers[.location] == waits.headers[.location])
                let revoking = try await platform.send(.delete, "\(Self.orders)?bindings=revoke")
                #expect(revoking.status == 202, "\(revoking.text)")
                #expect(revoking.headers[.location] != waits.headers[.location])
                let shop = try await platform.send(.get, "\(Self.orders)/bindings/shop")
                #expect(shop.json["status"]?["phase"] == "revoking")
                let once = try await platform.send(.delete, "\(Self.orders)?bindings=revoke")
                #expect(once.headers[.location] == revoking.headers[.location])
                let late = try await platform.send(
                    .post,
                    "\(Self.orders)/bindings",
                    json: #"{"name":"late","spec":{"delivery":"answer"}}"#
                )
                #expect(late.code == "state-conflict", "\(late.text)")
                let changed = try await platform.send(.post, "\(Self.orders):pause")
                #expect(changed.code == "state-conflict", "\(changed.text)")
            }
        }

        @Test func `a pause holds changes until somebody resumes`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.settleServices()
                let paused = try await platform.send(.post, "\(Self.orders):pause")
                #expect(paused.status == 202, "\(paused.text)")
                let same = try await platform.send(.post, "\(Self.orders):pause")
                #expect(same.status == 200, "\(same.text)")
                let held = try await platform.send(
                    .patch,
                    Self.orders,
                    json: #"{"spec":{"plan":"large"}}"#
                )
                #expect(held.code == "state-conflict", "\(held.text)")
                let resumed = try await platform.send(.post, "\(Self.orders):resume")
                #expect(resumed.json["spec"]?["paused"] == false, "\(resumed.text)")
            }
        }

        @Test func `what the repository holds is taken over when nothing of it would change`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try platform.deliver("old")
                func order(_ more: String, _ query: String = "") async throws -> Reply {
                    try await platform.send(
                        .post,
                        "\(Self.services)\(query)",
                        json: #"{"name":"old","spec":{"offering":{"name":"cache"}\#(more)}}"#
                    )
                }
                let taken = try await order("")
                #expect(taken.code == "state-conflict", "\(taken.text)")
                #expect(taken.text.contains("spec.adopt"))
                let other = try await order(#","adopt":true,"plan":"large""#)
                #expect(other.code == "state-conflict", "\(other.text)")
                #expect(other.text.contains("ConfigMap/old in s-old (changed)"))
                let shown = try await order(#","adopt":true,"plan":"large""#, "?dryRun=true")
                let diff = shown.json["manifests"]?["changes"]?[0]?["diff"]?.string
                #expect(diff?.contains("2048") == true, "\(shown.text)")
                let adopted = try await order(#","adopt":true"#)
                #expect(adopted.status == 202, "\(adopted.text)")
            }
        }

        @Test func `a binding is asked for, rotated and revoked, each once`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let shop = "\(Self.orders)/bindings/shop"
                let same = try await platform.send(
                    .put,
                    shop,
                    json: #"{"spec":{"consumer":{"environment":"pr-7"}}}"#
                )
                #expect(same.status == 200, "\(same.text)")
                let wrong = try await platform.send(
                    .put,
                    shop,
                    json: #"""
                        {"spec":{"consumer":{"environment":"pr-7"},"parameters":{"access":"x"}}}
                        """#
                )
                #expect(wrong.pointers == ["/spec/parameters/access"], "\(wrong.text)")
                let moved = try await platform.send(
                    .put,
                    shop,
                    json: #"{"spec":{"delivery":"answer"}}"#
                )
                #expect(moved.pointers == ["/spec/delivery"], "\(moved.text)")
                let rotated = try await platform.send(.post, "\(shop):rotate")
                #expect(rotated.status == 200, "the first is still being made: \(rotated.text)")
                let gone = try await platform.send(.delete, shop)
                #expect(gone.status == 202 && gone.json["status"]?["phase"] == "revoking")
                let again = try await platform.send(.delete, shop)
                #expect(again.headers[.location] == gone.headers[.location])
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let refused = try await platform.send(.post, "\(shop):rotate", as: viewer)
                #expect(refused.status == 404)
            }
        }

        @Test func `a credential is shown in one answer, and in no other`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let path = "\(Self.orders)/bindings/direct"
                let bound = try await platform.send(
                    .put,
                    path,
                    json: #"{"spec":{"delivery":"answer"}}"#
                )
                #expect(bound.status == 202, "\(bound.text)")
                let reveal = "\(path):reveal"
                let early = try await platform.send(.post, reveal)
                #expect(early.code == "state-conflict", "\(early.text)")
                try platform.settleBindings()
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                #expect(try await platform.send(.post, reveal, as: viewer).status == 404)
                let other = Platform.Holder(role: .developer, tenant: "globex")
                #expect(try await platform.send(.post, reveal, as: other).status == 404)
                let shown = try await platform.send(.post, reveal)
                #expect(shown.status == 200, "\(shown.text)")
                #expect(shown.json["credential"]?.int == 1)
                #expect(shown.json["values"]?["host"] == "orders.example.com")
                #expect(shown.headers[.cacheControl] == "no-store")
                let again = try await platform.send(.post, reveal)
                #expect(again.status == 409 && again.code == "already-revealed", "\(again.text)")
                #expect(!again.text.contains("orders.example.com"))
                let audit = try await platform.send(.get, "/v1/audit?operation=revealBinding")
                #expect(audit.json["items"]?.array?.isEmpty == false, "\(audit.text)")
                // With the next credential there is something to show again.
                #expect(try await platform.send(.post, "\(path):rotate").status == 202)
                try platform.settleBindings()
                let next = try await platform.send(.post, reveal)
                #expect(next.json["credential"]?.int == 2, "\(next.text)")
                let secret = try await platform.send(.post, "\(Self.orders)/bindings/shop:reveal")
                #expect(secret.code == "state-conflict", "\(secret.text)")
                let kept = try platform.database.run("SELECT r::text FROM receipt r")
                #expect(!"\(kept)".contains("orders.example.com"))
            }
        }

        @Test(arguments: [
            (#"{"consumer":{}}"#, "/spec/consumer/environment"),
            (#"{}"#, "/spec/consumer"),
            (#"{"delivery":"answer","consumer":{"environment":"pr-7"}}"#, "/spec/consumer"),
            (#"{"delivery":"answer","secret":"Bad_Name"}"#, "/spec/secret"),
            (#"{"delivery":"answer","rotation":{"every":"1s"}}"#, "/spec/rotation/every"),
            (#"{"consumer":{"environment":"nowhere"}}"#, "/spec/consumer/environment"),
            (#"{"delivery":"externalSecret"}"#, "/spec/consumer"),
            (#"{"delivery":"externalSecret","consumer":{"environment":"pr-7"}}"#, "/spec/delivery"),
        ])
        func `what is wrong with a binding is told at its place`(
            spec: String,
            pointer: String
        ) async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let reply = try await platform.send(
                    .post,
                    "\(Self.orders)/bindings",
                    json: #"{"name":"new","spec":\#(spec)}"#
                )
                #expect(reply.code == "invalid-input", "\(reply.text)")
                #expect(reply.pointers == [pointer], "\(reply.text)")
            }
        }

        @Test func `what happened is told, also while the cluster cannot be asked`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await platform.placeEvents()
                let reply = try await platform.send(.get, "\(Self.orders)/events")
                let reasons = reply.json["items"]?.array?.compactMap { $0["reason"]?.string }
                #expect(reasons?.isEmpty == false, "\(reply.text)")
                #expect(reply.json["missing"]?.string != nil)
                let there = try await platform.send(.get, "\(Self.orders)/manifests")
                #expect(there.text.contains("ConfigMap"), "\(there.text)")
            }
        }
    }
}

extension Platform {
    /// Commits what the delivery of a cache would have into acme's repository.
    fileprivate func deliver(_ service: String) throws {
        let path = layout.platform(of: try TenantName(parsing: "acme"))
        try #require(
            Shell().run(
                """
                git clone -q '\(path)' given && cd given && mkdir -p services/\(service)/service \
                && echo '\(Self.delivered(service))' >services/\(service)/service/values.yaml \
                && git add . && git commit -q -m Deliver && git push -q origin HEAD:main
                """
            )
        )
    }
}
