import Catalog
import Domain
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// Slipway's own objects in the catalog, and how they are judged.
    @Suite struct OwnEntityTests {
        private func follow(_ platform: Platform) async throws {
            try await platform.placeEvents()
            while try await platform.storage.catalog.follow(at: platform.clock.now)
                >= CatalogStore.followedMax
            {}
        }

        private func names(_ platform: Platform, _ query: String = "") async throws -> [String] {
            let reply = try await platform.send(.get, "/api/catalog/entities?\(query)")
            return (reply.json.array ?? []).compactMap { entity in
                let metadata = entity["metadata"]
                let kind = entity["kind"]?.string ?? ""
                let name = metadata?["name"]?.string ?? ""
                return "\(kind) \(metadata?["namespace"]?.string ?? "")/\(name)"
            }.sorted()
        }

        @Test func `tenants, environments and clusters appear, change and go by themselves`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                try await follow(platform)
                let all = [
                    "Component acme/shop", "Component globex/shop", "Group acme/acme",
                    "Group globex/globex", "Resource acme/cluster.main",
                    "Resource acme/environment.pr-7", "Resource acme/environment.staging",
                    "Resource acme/service.orders", "Resource globex/cluster.main",
                    "Resource globex/environment.pr-7", "Resource globex/service.orders",
                    "System acme/acme", "System globex/globex",
                ]
                let found = try await names(platform)
                #expect(found == all, "\(found)")
                let path = "/v1/catalog/entities/resource/acme/environment.pr-7"
                let shown = try await platform.send(.get, path)
                let relations = (shown.json["relations"]?.array ?? []).map {
                    "\($0["type"]?.string ?? "") \($0["targetRef"]?.string ?? "")"
                }
                #expect(relations.contains("ownedBy group:acme/acme"))
                #expect(relations.contains("partOf system:acme/acme"))
                // Following the same once more changes nothing.
                let revision = shown.json["metadata"]?["etag"]
                try platform.database.run("UPDATE catalog_follower SET followed = 0")
                try await follow(platform)
                let again = try await platform.send(.get, path)
                #expect(again.json["metadata"]?["etag"] == revision)
                let held = try await platform.send(.delete, path)
                #expect(held.status == 409)
                // What went while nobody followed goes once everything is looked at.
                try platform.database.run(
                    """
                    DELETE FROM environment WHERE tenant_name = 'acme';
                    UPDATE catalog_follower SET followed = NULL
                    """
                )
                try await follow(platform)
                #expect(
                    try await names(platform)
                        == all.filter { !$0.hasPrefix("Resource acme/environment.") }
                )
            }
        }

        private func relations(_ platform: Platform, _ name: String) async throws -> [String] {
            let path = "/v1/catalog/entities/resource/acme/\(name)"
            let reply = try await platform.send(.get, path)
            return (reply.json["relations"]?.array ?? []).map {
                "\($0["type"]?.string ?? "") \($0["targetRef"]?.string ?? "")"
            }
        }

        @Test func `a service shows what it needs and who is bound to it, until it goes`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                let owned = try await platform.send(
                    .put,
                    "/v1/tenants/acme/services/sessions",
                    json: #"{"spec":{"offering":{"name":"cache"},"environment":"staging"}}"#
                )
                #expect(owned.status == 202, "\(owned.text)")
                try await follow(platform)
                let orders = try await relations(platform, "service.orders")
                #expect(
                    orders == [
                        "dependencyOf resource:acme/environment.pr-7",
                        "dependsOn resource:acme/cluster.main", "ownedBy group:acme/acme",
                        "partOf system:acme/acme",
                    ],
                    "\(orders)"
                )
                let needs = try await relations(platform, "environment.pr-7")
                #expect(needs.contains("dependsOn resource:acme/service.orders"), "\(needs)")
                let sessions = try await relations(platform, "service.sessions")
                #expect(sessions.contains("dependencyOf resource:acme/environment.staging"))
                let shown = try await platform.send(
                    .get,
                    "/v1/catalog/entities/resource/acme/service.orders"
                )
                let spec = shown.json["spec"]
                #expect(spec?["type"]?.string == "service")
                #expect(spec?["offering"]?.string == "cache")
                #expect(spec?["offeringVersion"]?.string == "1.0.0")
                #expect(spec?["plan"]?.string == "small")
                // What the last step of a revocation writes, and that of a deletion.
                try await end("service_binding", "binding", "acme/orders/shop", platform)
                let unbound = try await relations(platform, "service.orders")
                #expect(!unbound.contains { $0.hasPrefix("dependencyOf") }, "\(unbound)")
                try await end("service_instance", "service", "acme/orders", platform)
                let names = try await names(platform)
                #expect(!names.contains("Resource acme/service.orders"))
                #expect(names.contains("Resource acme/service.sessions"))
                #expect(names.contains("Resource globex/service.orders"))
            }
        }

        private func end(
            _ table: String,
            _ kind: String,
            _ name: String,
            _ platform: Platform
        ) async throws {
            let own = name.split(separator: "/").last ?? ""
            try platform.database.run(
                """
                DELETE FROM \(table) WHERE tenant_name = 'acme' AND name = '\(own)';
                INSERT INTO event (id, type, subject_kind, subject_id, subject_name, at, data)
                VALUES (gen_random_uuid(), 'dev.slipway.\(kind).ended', '\(kind)',
                        gen_random_uuid(), '\(name)', now(), '{}')
                """
            )
            try await follow(platform)
        }

        @Test func `what a program from before services passed over appears after it`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.plantEnvironments()
                // It followed everything there is, and deleted what it did not know.
                func followAsBefore() throws {
                    try platform.database.run(
                        """
                        UPDATE catalog_follower SET position = (SELECT last FROM event_log);
                        DELETE FROM catalog_entity WHERE ref LIKE 'resource:acme/service.%'
                        """
                    )
                }
                try await platform.placeEvents()
                try followAsBefore()
                try await follow(platform)
                #expect(try await names(platform).contains("Resource acme/service.orders"))
                // It is still there beside the new one, and follows what comes first.
                let owned = try await platform.send(
                    .put,
                    "/v1/tenants/acme/services/sessions",
                    json: #"{"spec":{"offering":{"name":"cache"},"environment":"staging"}}"#
                )
                #expect(owned.status == 202, "\(owned.text)")
                try await platform.placeEvents()
                try followAsBefore()
                try await follow(platform)
                #expect(try await names(platform).contains("Resource acme/service.sessions"))
                // One that knows fewer kinds and writes which has everything looked at again.
                try platform.database.run("UPDATE catalog_follower SET kinds = '{tenant}'")
                try await follow(platform)
                #expect(try await names(platform).contains("Resource acme/service.orders"))
            }
        }

        @Test func `what somebody wrote under the name of an object stays`() async throws {
            try await Platform.run { platform in
                let made = try await platform.send(
                    .put,
                    "/v1/catalog/entities/group/acme/acme",
                    json: """
                        {"apiVersion":"backstage.io/v1alpha1","kind":"Group",\
                        "metadata":{"name":"acme","namespace":"acme","title":"Ours"},\
                        "spec":{"type":"team","children":[]}}
                        """
                )
                #expect(made.status == 201, "\(made.text)")
                try await follow(platform)
                let kept = try await platform.send(.get, "/v1/catalog/entities/group/acme/acme")
                #expect(kept.json["metadata"]?["title"]?.string == "Ours")
                #expect(try await names(platform, "filter=kind=system").count == 2)
            }
        }

        @Test func `a result is told with its history, to those who see the entity`() async throws {
            try await Platform.run { platform in
                try await follow(platform)
                let tenant = try #require(
                    try await platform.storage.tenants.find(
                        try TenantName(parsing: "acme"),
                        as: .system
                    )
                )
                let location = LocationID(high: 1, low: 2)
                let system = EntityReference(kind: "system", namespace: "acme", name: "acme")
                for (met, commit) in [(3, "a"), (3, "b"), (5, "c")] {
                    platform.clock.advance(by: .seconds(1))
                    let result = ScorecardStore.Result(
                        scorecard: "platform-native",
                        level: met > 4 ? "bronze" : nil,
                        met: met,
                        total: 12,
                        rules: Array("[]".utf8),
                        commit: commit,
                        at: platform.clock.now
                    )
                    try await platform.storage.scorecards.keep(
                        [result],
                        of: system,
                        tenant.id,
                        paths: [],
                        facts: Array("{}".utf8),
                        location: location
                    )
                }
                let path = "/v1/catalog/entities/system/acme/acme/scorecards"
                let viewer = Platform.Holder(role: .viewer, tenant: "acme")
                let reply = try await platform.send(.get, path, as: viewer)
                let item = reply.json["items"]?.array?.first
                #expect(item?["level"]?.string == "bronze")
                #expect(item?["commit"]?.string == "c")
                #expect(item?["history"]?.array?.map { $0["commit"]?.string } == ["c", "a"])
                let stranger = Platform.Holder(role: .viewer, tenant: "globex")
                let hidden = try await platform.send(.get, path, as: stranger)
                #expect(hidden.status == 404)
                let none = try await platform.send(
                    .get,
                    "/v1/catalog/entities/group/acme/acme/scorecards"
                )
                #expect(none.json["items"]?.array?.isEmpty == true)
            }
        }
    }
}
