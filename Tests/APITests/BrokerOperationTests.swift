import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// What an Open Service Broker client relies on, from catalog to deprovision.
    @Suite struct BrokerOperationTests {
        private static let instance = "/osb/v2/service_instances/i-1"
        private static let binding = "\(instance)/service_bindings/b-1"
        private static let admin = Platform.Holder(role: .tenantAdmin, tenant: "acme")
        private static let waits = "?accepts_incomplete=true"

        /// The ids of the cache and of its plans.
        private func ids(
            _ platform: Platform
        ) async throws -> (cache: String, small: String, large: String) {
            let catalog = try await platform.send(.get, "/osb/v2/catalog", as: Self.admin)
            let cache = try #require(catalog.json["services"]?[0], "\(catalog.text)")
            #expect(cache["name"] == "cache" && cache["bindable"] == true)
            let plans = cache["plans"]
            let create = plans?[0]?["schemas"]?["service_instance"]?["create"]?["parameters"]
            #expect(create?["$schema"]?.string != nil && create?["properties"]?["memory"] == nil)
            return (
                try #require(cache["id"]?.string), try #require(plans?[0]?["id"]?.string),
                try #require(plans?[1]?["id"]?.string)
            )
        }

        private func order(_ service: String, _ plan: String, _ more: String = "") -> String {
            #"""
            {"service_id":"\#(service)","plan_id":"\#(plan)","organization_guid":"o",\#
            "space_guid":"s","unknown":1\#(more)}
            """#
        }

        @Test func `an instance is ordered once, changed, and gone`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let (cache, small, large) = try await ids(platform)
                func put(_ body: String, _ query: String = Self.waits) async throws -> Reply {
                    try await platform.send(.put, Self.instance + query, as: Self.admin, json: body)
                }
                let body = order(cache, small)
                let sync = try await put(body, "")
                #expect(sync.status == 422 && sync.json["error"] == "AsyncRequired", "\(sync.text)")
                let first = try await put(body)
                #expect(first.status == 202, "\(first.text)")
                #expect(try await put(body).status == 202)
                #expect(try await put(order(cache, large)).status == 409)
                let last = "\(Self.instance)/last_operation"
                func state() async throws -> Reply {
                    try await platform.send(.get, last, as: Self.admin)
                }
                #expect(try await state().json["state"] == "in progress")
                let early = try await platform.send(.get, Self.instance, as: Self.admin)
                #expect(early.status == 404)
                try platform.settleServices()
                #expect(try await state().json["state"] == "succeeded")
                #expect(try await put(body).status == 200)
                let read = try await platform.send(.get, Self.instance, as: Self.admin)
                #expect(read.json["plan_id"]?.string == small, "\(read.text)")
                func patch(_ more: String) async throws -> Reply {
                    try await platform.send(
                        .patch,
                        Self.instance + Self.waits,
                        as: Self.admin,
                        json: #"{"service_id":"\#(cache)"\#(more)}"#
                    )
                }
                #expect(try await patch("").status == 200)
                let stale = try await patch(#","maintenance_info":{"version":"9.9.9"}"#)
                #expect(stale.json["error"] == "MaintenanceInfoConflict", "\(stale.text)")
                #expect(try await patch(#","plan_id":"\#(large)""#).status == 202)
                let busy = try await patch(#","plan_id":"\#(small)""#)
                #expect(busy.status == 422 && busy.json["error"] == "ConcurrencyError")
                let again = try await patch(#","plan_id":"\#(large)""#)
                #expect(again.status == 202, "\(again.text)")
                let bare = try await platform.send(.delete, Self.instance, as: Self.admin)
                #expect(bare.status == 400, "\(bare.text)")
                let path = "\(Self.instance)\(Self.waits)&service_id=\(cache)&plan_id=\(small)"
                #expect(try await platform.send(.delete, path, as: Self.admin).status == 202)
                #expect(try await platform.send(.delete, path, as: Self.admin).status == 202)
                #expect(try await state().json["state"] == "in progress")
                try platform.database.run(
                    "DELETE FROM service_instance WHERE name LIKE 'i-%'"
                )
                #expect(try await state().status == 410)
                #expect(try await platform.send(.delete, path, as: Self.admin).status == 410)
                #expect(try await put(body).status == 409, "an id was used again")
            }
        }

        @Test func `a credential is asked for, fetched and removed`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let (cache, small, _) = try await ids(platform)
                let instance = Self.instance + Self.waits
                let body = order(cache, small)
                _ = try await platform.send(.put, instance, as: Self.admin, json: body)
                func bind(_ id: String = "b-1", _ more: String = "") async throws -> Reply {
                    try await platform.send(
                        .put,
                        "\(Self.instance)/service_bindings/\(id)\(Self.waits)",
                        as: Self.admin,
                        json: order(cache, small, more)
                    )
                }
                let busy = try await bind()
                #expect(busy.json["error"] == "ConcurrencyError", "\(busy.text)")
                try platform.settleServices()
                let made = try await bind()
                #expect(made.status == 202, "\(made.text)")
                #expect(made.json["credentials"] == nil)
                #expect(try await bind().status == 202)
                #expect(try await bind("b-1", #","parameters":{"access":"read"}"#).status == 409)
                let last = "\(Self.binding)/last_operation"
                let state = try await platform.send(.get, last, as: Self.admin)
                #expect(state.json["state"] == "in progress")
                let early = try await platform.send(.get, Self.binding, as: Self.admin)
                #expect(early.status == 404)
                try platform.settleBindings()
                let repeated = try await bind()
                #expect(repeated.status == 200, "\(repeated.text)")
                #expect(repeated.json["credentials"]?["host"]?.string != nil)
                #expect(repeated.headers[.cacheControl] == "no-store")
                let shown = try await platform.send(.get, Self.binding, as: Self.admin)
                #expect(shown.json["credentials"]?["host"]?.string != nil, "\(shown.text)")
                #expect(shown.headers[.cacheControl] == "no-store")
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let hidden = try await platform.send(.get, Self.binding, as: viewer)
                #expect(hidden.status == 404)
                let next = try await bind("b-2", #","predecessor_binding_id":"b-1""#)
                #expect(next.status == 202, "\(next.text)")
                let none = try await bind("b-3", #","predecessor_binding_id":"b-9""#)
                #expect(none.status == 400)
                let query = "\(Self.waits)&service_id=\(cache)&plan_id=\(small)"
                let held = try await platform.send(
                    .delete,
                    Self.instance + query,
                    as: Self.admin
                )
                #expect(held.status == 400, "\(held.text)")
                let gone = try await platform.send(.delete, Self.binding + query, as: Self.admin)
                #expect(gone.status == 202, "\(gone.text)")
                try platform.database.run("DELETE FROM service_binding WHERE phase = 'revoking'")
                let after = try await platform.send(.get, last, as: Self.admin)
                #expect(after.status == 410)
                let again = try await platform.send(.delete, Self.binding + query, as: Self.admin)
                #expect(again.status == 410)
            }
        }

        @Test func `what the headers say is read, and other tenants see nothing`() async throws {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let (cache, small, _) = try await ids(platform)
                let path = Self.instance + Self.waits
                func put(
                    _ fields: [(HeaderName, String)],
                    as holder: Platform.Holder? = Self.admin,
                    _ more: String = ""
                ) async throws -> Reply {
                    let body = order(cache, small, more)
                    return try await platform.send(.put, path, as: holder, json: body, fields)
                }
                let version = HeaderName("X-Broker-API-Version")
                let who = HeaderName("X-Broker-API-Originating-Identity")
                let identity = HeaderName("X-Broker-API-Request-Identity")
                let old = try await put([(version, "3.0"), (identity, "r-6")])
                #expect(old.status == 412 && old.headers[identity] == "r-6")
                #expect(try await put([(who, "cloudfoundry nonsense")]).status == 400)
                let platformToken = try await put([], as: .admin)
                #expect(platformToken.status == 400, "\(platformToken.text)")
                let made = try await put([
                    (version, "2.17"), (who, "cloudfoundry eyJ1c2VyX2lkIjoiYW5uIn0="),
                    (identity, "r-7"),
                ])
                #expect(made.status == 202, "\(made.text)")
                #expect(made.headers[identity] == "r-7")
                let kept = try platform.database.run("SELECT originator FROM broker_entry")
                #expect(kept[0][0]?.contains("ann") == true)
                let other = Platform.Holder(role: .tenantAdmin, tenant: "globex")
                #expect(try await platform.send(.get, Self.instance, as: other).status == 404)
                #expect(try await put([], as: other).status == 409)
                let query = "&service_id=\(cache)&plan_id=\(small)"
                let gone = try await platform.send(.delete, path + query, as: other)
                #expect(gone.status == 410)
            }
        }
    }
}

extension Platform {
    /// An instance and a binding of a tenant's that are there.
    func plantBroker(of tenant: String) async throws {
        let holder = Holder(role: .tenantAdmin, tenant: tenant)
        let catalog = try await send(.get, "/osb/v2/catalog", as: holder)
        let cache = catalog.json["services"]?[0]
        let service = try #require(cache?["id"]?.string)
        let plan = try #require(cache?["plans"]?[0]?["id"]?.string)
        let body = #"""
            {"service_id":"\#(service)","plan_id":"\#(plan)","organization_guid":"o",\#
            "space_guid":"s"}
            """#
        let path = "/osb/v2/service_instances/\(tenant)-1"
        let made = try await send(.put, "\(path)?accepts_incomplete=true", as: holder, json: body)
        #expect(made.status == 202, "\(made.text)")
        try settleServices()
        let bound = try await send(
            .put,
            "\(path)/service_bindings/\(tenant)-2?accepts_incomplete=true",
            as: holder,
            json: body
        )
        #expect(bound.status == 202, "\(bound.text)")
        try settleBindings()
    }
}
