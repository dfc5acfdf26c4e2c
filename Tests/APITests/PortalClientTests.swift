import Catalog
import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// The calls of Backstage's own client, each as it puts it: one parameter for each filter,
    /// several fields with commas, everything percent-encoded.
    @Suite struct PortalClientTests {
        private static let base = "/api/catalog"

        private func plant(_ platform: Platform) async throws {
            try await platform.write(
                "shop",
                of: "acme",
                metadata: """
                    ,"tags":["java","web"],"annotations":{"github.com/project-slug":"acme/shop",\
                    "backstage.io/techdocs-ref":"dir:."}
                    """,
                spec: #","dependsOn":["component:orders"],"system":"store""#
            )
            try await platform.write(
                "orders",
                of: "acme",
                metadata: #","annotations":{"a.b/c.d":"x=y"}"#
            )
            try await platform.write("cherries", of: "globex")
        }

        private func names(_ reply: Reply) -> [String] {
            (reply.json["items"] ?? reply.json).array?.compactMap {
                $0["metadata"]?["name"]?.string
            } ?? []
        }

        @Test(arguments: [
            // {kind: ['Component', 'API'], 'spec.type': 'service'}
            (
                "kind%3DComponent%2Ckind%3DAPI%2Cspec.type%3Dservice",
                ["cherries", "orders", "shop"]
            ),
            // Keys with dots and slashes, and one that must be there (CATALOG_FILTER_EXISTS).
            ("metadata.annotations.backstage.io%2Ftechdocs-ref", ["shop"]),
            ("metadata.annotations.github.com%2Fproject-slug%3Dacme%2Fshop", ["shop"]),
            ("metadata.annotations.a.b%2Fc.d%3Dx%3Dy", ["orders"]),
            // Elements of lists, relations, and what no entity has.
            ("metadata.tags.java", ["shop"]), ("metadata.tags%3Dweb", ["shop"]),
            ("relations.dependsOn%3Dcomponent%3Aacme%2Forders", ["shop"]),
            ("relations.dependencyOf%3Dcomponent%3Aacme%2Fshop", ["orders"]),
            ("relations.partOf", ["shop"]), ("spec.nothing", []),
            // Two filters mean either.
            ("metadata.name%3Dshop&filter=metadata.name%3Dcherries", ["cherries", "shop"]),
        ])
        func `entities are found by every filter that it writes`(
            filter: String,
            expected: [String]
        ) async throws {
            try await Platform.run { platform in
                try await plant(platform)
                for path in ["entities", "entities/by-query"] {
                    let reply = try await platform.send(
                        .get,
                        "\(Self.base)/\(path)?filter=\(filter)"
                    )
                    #expect(reply.status == 200, "\(reply.text)")
                    #expect(names(reply).sorted() == expected, "\(path) \(reply.text.prefix(300))")
                }
                let facets = try await platform.send(
                    .get,
                    "\(Self.base)/entity-facets?facet=metadata.name&facet=spec.type"
                        + "&filter=\(filter)"
                )
                let counted = facets.json["facets"]?["metadata.name"]?.array?.compactMap {
                    $0["value"]?.string
                }
                #expect(counted?.sorted() == expected)
            }
        }

        @Test func `lists are ordered, pruned and continued as it asks`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                // getEntities({order: [{field, order}], fields, offset, limit})
                let list = try await platform.send(
                    .get,
                    "\(Self.base)/entities?fields=metadata.name,kind&order=desc%3Ametadata.name"
                        + "&offset=1&limit=2"
                )
                #expect(names(list) == ["orders", "cherries"])
                #expect(
                    list.json[0] == ["kind": "Component", "metadata": ["name": "orders"]],
                    "\(list.text)"
                )
                // queryEntities({orderFields, fullTextFilter, limit}), then ({cursor, limit})
                let first = try await platform.send(
                    .get,
                    "\(Self.base)/entities/by-query?orderField=metadata.name%2Cdesc&limit=2"
                        + "&fields=metadata.name"
                )
                #expect(names(first) == ["shop", "orders"])
                #expect(first.json["totalItems"]?.int == 3)
                let cursor = try #require(first.json["pageInfo"]?["nextCursor"]?.string)
                let second = try await platform.send(
                    .get,
                    "\(Self.base)/entities/by-query?cursor=\(cursor)&limit=2&fields=metadata.name"
                )
                #expect(names(second) == ["cherries"])
                #expect(second.json["pageInfo"]?["nextCursor"] == nil)
                let back = try #require(second.json["pageInfo"]?["prevCursor"]?.string)
                let again = try await platform.send(
                    .get,
                    "\(Self.base)/entities/by-query?cursor=\(back)&limit=2&fields=metadata.name"
                )
                #expect(again.json["items"] == first.json["items"])
                let text = try await platform.send(
                    .get,
                    "\(Self.base)/entities/by-query?fullTextFilterTerm=ord"
                        + "&fullTextFilterFields=metadata.name,metadata.title"
                )
                #expect(names(text) == ["orders"])
            }
        }

        @Test func `what is not there is a 404 that it takes for nothing`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let id = "01a1fbce-0555-721f-bedc-a91ccde48898"
                for path in [
                    "entities/by-name/component/default/none",
                    "entities/by-name/component/default/none/ancestry", "entities/by-uid/\(id)",
                    "locations/\(id)", "locations/by-entity/component/acme/none",
                ] {
                    let reply = try await platform.send(.get, "\(Self.base)/\(path)")
                    #expect(reply.status == 404, "\(path) \(reply.text)")
                    // ResponseError.fromResponse reads these.
                    #expect(reply.json["error"]?["name"]?.string == "NotFoundError", "\(path)")
                    #expect(reply.json["error"]?["message"]?.string?.isEmpty == false)
                    #expect(reply.json["response"]?["statusCode"]?.int == 404)
                }
                // Nothing in a catalog is changed in part.
                let patched = try await platform.send(
                    .patch,
                    "\(Self.base)/entities/by-name/component/acme/shop",
                    json: "{}"
                )
                #expect(patched.status == 405)
            }
        }

        @Test func `locations are added, tried, told and removed as it does`() async throws {
            try await Platform.run { platform in
                let target = "https://github.com/acme/shop/blob/main/catalog-info.yaml"
                let body = #"{"type":"url","target":"\#(target)"}"#
                let path = "\(Self.base)/locations"
                let tried = try await platform.send(.post, "\(path)?dryRun=true", json: body)
                #expect(tried.status == 201, "\(tried.text)")
                #expect(tried.json["exists"]?.bool == false)
                #expect(tried.json["entities"]?.array?.count == 1)
                let added = try await platform.send(.post, path, json: body)
                #expect(added.status == 201)
                let id = try #require(added.json["location"]?["id"]?.string)
                // getLocationByRef looks for `url:<target>` among all of them.
                let all = try await platform.send(.get, path)
                #expect(all.json[0]?["data"] == added.json["location"])
                #expect(all.json[0]?["data"]?["type"]?.string == "url")
                let twice = try await platform.send(.post, path, json: body)
                #expect(twice.status == 409)
                #expect(twice.json["error"]?["name"]?.string == "ConflictError")
                let gone = try await platform.send(.delete, "\(path)/\(id)")
                #expect(gone.status == 204 && gone.body.isEmpty)
                let none = try await platform.send(.delete, "\(path)/\(id)")
                #expect(none.status == 404)
            }
        }

        @Test func `an entity is refreshed, checked and removed as it does`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let refreshed = try await platform.send(
                    .post,
                    "\(Self.base)/refresh",
                    json: #"{"entityRef":"component:acme/shop"}"#
                )
                #expect(refreshed.status == 200, "\(refreshed.text)")
                let read = try await platform.send(
                    .get,
                    "\(Self.base)/entities/by-name/component/acme/shop"
                )
                let checked = try await platform.send(
                    .post,
                    "\(Self.base)/validate-entity",
                    json: #"{"entity":\#(read.text),"location":"url:https://example.com/x"}"#
                )
                #expect(checked.status == 200, "\(checked.text)")
                let wrong = try await platform.send(
                    .post,
                    "\(Self.base)/validate-entity",
                    json: #"{"entity":{"kind":"System"},"location":"url:https://example.com/x"}"#
                )
                #expect(wrong.status == 400)
                #expect(wrong.json["errors"]?[0]?["message"]?.string?.isEmpty == false)
                let uid = read.json["metadata"]?["uid"]?.string ?? ""
                let gone = try await platform.send(.delete, "\(Self.base)/entities/by-uid/\(uid)")
                #expect(gone.status == 204)
                let refs = try await platform.send(
                    .post,
                    "\(Self.base)/entities/by-refs?filter=kind%3Dcomponent",
                    json: #"{"entityRefs":["component:acme/shop","component:acme/orders"]}"#
                )
                #expect(refs.json["items"]?[0]?.isNull == true)
                #expect(refs.json["items"]?[1]?["metadata"]?["name"]?.string == "orders")
            }
        }
    }
}
