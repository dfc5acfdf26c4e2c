import Domain
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// The software catalog through its own operations.
    @Suite struct CatalogOperationTests {
        private static let shop = "/v1/catalog/entities/component/acme/shop"
        private static let acme = Platform.Holder(role: .developer, tenant: "acme")
        private static let globex = Platform.Holder(role: .tenantAdmin, tenant: "globex")

        private static func refs(_ reply: Reply) -> [String] {
            (reply.json["items"]?.array ?? []).map { entity in
                let metadata = entity["metadata"]
                return "\(metadata?["namespace"]?.string ?? "")/\(metadata?["name"]?.string ?? "")"
            }
        }

        @Test func `a tenant that goes takes no more entities, and those it has go in parts`()
            async throws
        {
            try await Platform.run { platform in
                for name in ["a", "b"] { try await platform.write(name, of: "acme") }
                try await platform.write("c", of: "globex")
                let rows = try platform.database.run("SELECT id FROM tenant WHERE name = 'acme'")
                let acme = try TenantID(parsing: rows[0][0] ?? "")
                let catalog = platform.storage.catalog
                #expect(try await catalog.removeSome(of: acme) == 2)
                #expect(try await catalog.removeSome(of: acme) == 0)
                let left = try platform.database.run("SELECT name FROM catalog_entity")
                #expect(left.map { $0[0] } == ["c"])
                _ = try await platform.send(.delete, "/v1/tenants/acme")
                let late = try await platform.write("d", of: "acme")
                #expect(late.status == 409 && late.code == "state-conflict", "\(late.text)")
            }
        }

        @Test func `an entity is shown as it was written, with what Slipway knows of it`()
            async throws
        {
            try await Platform.run { platform in
                let made = try await platform.write("Shop", of: "acme", as: Self.acme)
                #expect(made.status == 201, "\(made.text)")
                #expect(made.headers[.location] == Self.shop)
                let shown = try await platform.send(.get, Self.shop)
                #expect(shown.json == made.json)
                let metadata = shown.json["metadata"]
                #expect(metadata?["name"]?.string == "Shop")
                #expect(metadata?["etag"]?.string == "1")
                #expect(metadata?["annotations"]?["slipway.dev/tenant"]?.string == "acme")
                #expect(
                    shown.json["relations"]?[0]?["targetRef"]?.string == "group:acme/team-a"
                )
                // What was read is what may be written back.
                let again = try await platform.send(
                    .put,
                    Self.shop,
                    json: shown.text,
                    [(.ifMatch, shown.headers[.etag] ?? "")]
                )
                #expect(again.status == 200 && again.json == shown.json, "\(again.text)")
                let fresh = try await platform.send(
                    .get,
                    Self.shop,
                    [(.ifNoneMatch, shown.headers[.etag] ?? "")]
                )
                #expect(fresh.status == 304)
            }
        }

        @Test func `names that differ in case only are one entity, and the same call twice is one`()
            async throws
        {
            try await Platform.run { platform in
                let key = [(HeaderName.idempotencyKey, "once")]
                let one = try await platform.write("shop", of: "acme", as: Self.acme, key)
                let two = try await platform.write("shop", of: "acme", as: Self.acme, key)
                #expect(one.status == 201 && two.status == 201 && one.json == two.json)
                let other = try await platform.write("SHOP", of: "acme", as: Self.acme)
                #expect(other.status == 200)
                #expect(other.json["metadata"]?["uid"] == one.json["metadata"]?["uid"])
                #expect(other.json["metadata"]?["etag"]?.string == "2")
                let rows = try platform.database.run("SELECT count(*) FROM catalog_entity")
                #expect(rows.first?[0] == "1")
            }
        }

        @Test func `everything that is wrong is told at once, with its pointer`() async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(
                    .put,
                    Self.shop,
                    json: """
                        {"apiVersion":"backstage.io/v1alpha1","kind":"Component",\
                        "metadata":{"name":"-","tags":["A"]},"spec":{"type":"service"}}
                        """
                )
                #expect(reply.status == 422 && reply.code == "invalid-input", "\(reply.text)")
                let pointers = reply.json["errors"]?.array?.compactMap { $0["pointer"]?.string }
                #expect(
                    pointers == [
                        "/metadata/name", "/metadata/tags/0", "/spec/lifecycle", "/spec/owner",
                    ]
                )
                let renamed = try await platform.send(
                    .put,
                    Self.shop,
                    json: #"{"apiVersion":"a/v1","kind":"Robot","metadata":{"name":"r2"}}"#
                )
                let differing = renamed.json["errors"]?.array?.compactMap { $0["code"]?.string }
                #expect(differing == ["differs", "differs", "differs"])
            }
        }

        @Test
        func `a tenant's people write into its namespace alone and see it and the platform's`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.write("shop", of: "acme", as: Self.acme)
                try await platform.write("secret", of: "globex", as: Self.globex)
                try await platform.write("dns", of: "default")
                try await platform.write("gift", of: "acme")
                for namespace in ["globex", "default", "nobody"] {
                    let reply = try await platform.write("shop", of: namespace, as: Self.acme)
                    #expect(reply.status == 422, "\(reply.text)")
                    let code = reply.json["errors"]?[0]?["code"]?.string
                    #expect(code == "foreign-namespace")
                }
                let list = try await platform.send(.get, "/v1/catalog/entities", as: Self.acme)
                #expect(Self.refs(list) == ["acme/gift", "acme/shop", "default/dns"])
                let all = try await platform.send(.get, "/v1/catalog/entities")
                #expect(Self.refs(all).count == 4)
                let hidden = try await platform.send(
                    .get,
                    "/v1/catalog/entities/component/globex/secret",
                    as: Self.acme
                )
                #expect(hidden.status == 404)
                for path in ["globex/secret", "default/dns"] {
                    let reply = try await platform.send(
                        .delete,
                        "/v1/catalog/entities/component/\(path)",
                        as: Self.acme
                    )
                    #expect(reply.status == (path.hasPrefix("g") ? 404 : 409), "\(reply.text)")
                }
                let own = try await platform.write(
                    "gift",
                    of: "acme",
                    as: Self.acme,
                    spec: ",\"x\":1"
                )
                #expect(own.status == 200)
            }
        }

        @Test func `a dry run tells what would change and changes nothing`() async throws {
            try await Platform.run { platform in
                let plan = try await platform.write("shop", of: "acme", query: "?dryRun=true")
                #expect(plan.json["action"]?.string == "create")
                #expect(try await platform.send(.get, Self.shop).status == 404)
                try await platform.write("shop", of: "acme")
                let change = try await platform.write(
                    "shop",
                    of: "acme",
                    metadata: #","title":"Shop""#,
                    query: "?dryRun=true"
                )
                #expect(change.json["changes"]?[0]?["pointer"]?.string == "/metadata/title")
                let end = try await platform.send(.delete, Self.shop + "?dryRun=true")
                #expect(end.json["action"]?.string == "delete")
                let gone = try await platform.send(.delete, Self.shop)
                #expect(gone.status == 204)
                #expect(try await platform.send(.delete, Self.shop).status == 404)
                for table in ["catalog_entity", "catalog_key", "catalog_relation"] {
                    let rows = try platform.database.run("SELECT count(*) FROM \(table)")
                    #expect(rows.first?[0] == "0", "\(table)")
                }
            }
        }

        @Test func `a stale version is refused`() async throws {
            try await Platform.run { platform in
                try await platform.write("shop", of: "acme")
                try await platform.write("shop", of: "acme", metadata: #","title":"Two""#)
                let stale = try await platform.write("shop", of: "acme", [(.ifMatch, "\"1\"")])
                #expect(stale.status == 412)
                let twice = try await platform.write("shop", of: "acme", [(.ifNoneMatch, "*")])
                #expect(twice.status == 412)
            }
        }

        private func plantSome(_ platform: Platform) async throws {
            try await platform.write(
                "shop-web",
                of: "acme",
                metadata: #","tags":["java","web"],"description":"Where people buy.""#,
                spec: #","dependsOn":["component:billing"],"system":"sales""#
            )
            try await platform.write(
                "billing",
                of: "acme",
                metadata: #","annotations":{"a.b/c.d":"Yes"},"tags":["java"]"#,
                spec: #","dependsOn":["resource:Ledger"]"#
            )
            try await platform.write(
                "other",
                of: "globex",
                spec: #","dependsOn":["component:acme/billing"]"#
            )
        }

        @Test(arguments: [
            ("filter=spec.type=Service", ["acme/billing", "acme/shop-web", "globex/other"]),
            ("filter=metadata.tags.web", ["acme/shop-web"]),
            ("filter=metadata.tags=web,metadata.tags=nothing", ["acme/shop-web"]),
            ("filter=metadata.annotations.a.b/c.d=yes", ["acme/billing"]),
            ("filter=metadata.annotations.a.b/c.d", ["acme/billing"]),
            ("filter=relations.partof=system:acme/sales", ["acme/shop-web"]),
            ("filter=relations.dependencyOf", ["acme/billing"]),
            ("filter=relations.nothing", []), ("kind=api", []),
            ("kind=component&namespace=globex", ["globex/other"]),
            ("q=shop", ["acme/shop-web"]), ("q=people%20bu", ["acme/shop-web"]),
            ("q=web-shop", ["acme/shop-web"]), ("q=%27%29%3A*%7C", []),
            ("q=java&filter=metadata.name=billing", ["acme/billing"]),
            ("sort=-ref", ["globex/other", "acme/shop-web", "acme/billing"]),
        ])
        func `the catalog is searched by keys, relations and words`(
            query: String,
            expected: [String]
        ) async throws {
            try await Platform.run { platform in
                try await plantSome(platform)
                let reply = try await platform.send(.get, "/v1/catalog/entities?\(query)")
                #expect(reply.status == 200, "\(reply.text)")
                #expect(Self.refs(reply) == expected)
            }
        }

        @Test func `a list comes page by page, and a cursor of another list is refused`()
            async throws
        {
            try await Platform.run { platform in
                try await plantSome(platform)
                for sort in ["ref", "-ref", "updatedAt", "-updatedAt"] {
                    var found: [String] = []
                    var target = "/v1/catalog/entities?limit=1&sort=\(sort)"
                    while found.count < 5 {
                        let reply = try await platform.send(.get, target)
                        found += Self.refs(reply)
                        guard let next = reply.json["next"]?.string else { break }
                        target = "/v1/catalog/entities?limit=1&sort=\(sort)&cursor=\(next)"
                        let other = try await platform.send(
                            .get,
                            "/v1/catalog/entities?kind=api&cursor=\(next)"
                        )
                        #expect(other.code == "invalid-cursor")
                    }
                    #expect(Set(found).count == 3 && found.count == 3, "\(sort) \(found)")
                }
            }
        }

        @Test func `facets count the values as they were written`() async throws {
            try await Platform.run { platform in
                try await plantSome(platform)
                let facets = "facets=kind,metadata.tags,relations.dependsOn"
                let reply = try await platform.send(.get, "/v1/catalog/entities?\(facets)")
                #expect(
                    reply.json["facets"] == [
                        "kind": [["value": "Component", "count": 3]],
                        "metadata.tags": [
                            ["value": "java", "count": 2], ["value": "web", "count": 1],
                        ],
                        "relations.dependsOn": [
                            ["value": "component:acme/billing", "count": 2],
                            ["value": "resource:acme/ledger", "count": 1],
                        ],
                    ]
                )
                let own = try await platform.send(
                    .get,
                    "/v1/catalog/entities?\(facets)&filter=metadata.name=billing",
                    as: Self.globex
                )
                #expect(
                    own.json["facets"] == [
                        "kind": [], "metadata.tags": [], "relations.dependsOn": [],
                    ]
                )
            }
        }

        @Test func `what depends on a thing is told two levels deep, without another's claims`()
            async throws
        {
            try await Platform.run { platform in
                try await plantSome(platform)
                _ = try await platform.send(
                    .put,
                    "/v1/catalog/entities/resource/acme/ledger",
                    json: """
                        {"apiVersion":"backstage.io/v1alpha1","kind":"Resource",\
                        "metadata":{"name":"ledger","namespace":"acme"},\
                        "spec":{"type":"database","owner":"team-a",\
                        "dependsOn":["component:shop-web"]}}
                        """
                )
                let path = "/v1/catalog/entities/resource/acme/ledger/relations"
                let query = "?direction=in&type=dependencyOf&depth="
                func told(_ depth: Int, as holder: Platform.Holder) async throws -> [String] {
                    let reply = try await platform.send(.get, "\(path)\(query)\(depth)", as: holder)
                    #expect(reply.status == 200, "\(reply.text)")
                    return (reply.json["items"]?.array ?? []).map { item in
                        "\(item["depth"]?.int ?? 0) \(item["targetRef"]?.string ?? "")"
                            + " \(item["exists"]?.bool == true)"
                    }
                }
                #expect(try await told(1, as: Self.acme) == ["1 component:acme/billing true"])
                let two = ["1 component:acme/billing true", "2 component:acme/shop-web true"]
                #expect(try await told(2, as: Self.acme) == two)
                #expect(try await told(2, as: .admin) == two + ["2 component:globex/other true"])
                // The circle ends.
                #expect(
                    try await told(5, as: Self.acme) == two + ["3 resource:acme/ledger true"]
                )
            }
        }

        @Test func `changes are told in one order, each once, from where a reader stands`()
            async throws
        {
            try await Platform.run { platform in
                let start = try await platform.send(.get, "/v1/catalog/changes")
                let after = start.json["next"]?.string ?? ""
                try await platform.write("shop", of: "acme")
                try await platform.write("shop", of: "acme", metadata: #","title":"Two""#)
                try await platform.write("shop", of: "acme", metadata: #","title":"Two""#)
                try await platform.write("other", of: "globex")
                try await platform.write("dns", of: "default")
                _ = try await platform.send(.delete, Self.shop)
                try await platform.placeEvents()
                func told(as holder: Platform.Holder) async throws -> [String] {
                    let reply = try await platform.send(
                        .get,
                        "/v1/catalog/changes?after=\(after)",
                        as: holder
                    )
                    return (reply.json["items"]?.array ?? []).map { item in
                        let type = item["type"]?.string?.split(separator: ".").last ?? ""
                        return "\(type) \(item["data"]?["entityRef"]?.string ?? "")"
                            + " \(item["data"]?["etag"]?.string ?? "")"
                    }
                }
                let own = [
                    "created component:acme/shop 1", "updated component:acme/shop 2",
                    "created component:default/dns 1", "deleted component:acme/shop 2",
                ]
                #expect(try await told(as: Self.acme) == own)
                #expect(try await told(as: .admin).count == 5)
                let late = try await platform.send(.get, "/v1/catalog/changes?after=999999")
                #expect(late.status == 410)
            }
        }

        @Test func `with its tenant an entity goes, and that is told as well`() async throws {
            try await Platform.run { platform in
                try await platform.write("shop", of: "acme")
                try platform.database.run(
                    "DELETE FROM catalog_entity WHERE ref = 'component:acme/shop'"
                )
                try await platform.placeEvents()
                let reply = try await platform.send(.get, "/v1/catalog/changes")
                let types = reply.json["items"]?.array?.compactMap { $0["type"]?.string }
                #expect(types == ["dev.slipway.entity.created", "dev.slipway.entity.deleted"])
            }
        }
    }
}
