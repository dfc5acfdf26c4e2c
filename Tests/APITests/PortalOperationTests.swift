import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// The catalog as Backstage's clients ask for it.
    @Suite struct PortalOperationTests {
        private static let base = "/api/catalog"
        private static let acme = Platform.Holder(role: .developer, tenant: "acme")

        private func plant(_ platform: Platform) async throws {
            try await platform.write("Shop", of: "acme", metadata: #","tags":["java"]"#)
            try await platform.write("billing", of: "acme", spec: #","system":"sales""#)
            try await platform.write("Apples", of: "acme", metadata: #","title":"Fruit_1""#)
            try await platform.write("cherries", of: "globex")
        }

        private static func names(_ items: JSON?) -> [String] {
            (items?.array ?? []).map { $0["metadata"]?["name"]?.string ?? "-" }
        }

        @Test func `a list is an array, filtered, pruned and continued by a link`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let all = try await platform.send(.get, "\(Self.base)/entities")
                #expect(Self.names(all.json) == ["Apples", "billing", "Shop", "cherries"])
                let either = try await platform.send(
                    .get,
                    "\(Self.base)/entities?filter=metadata.name=shop,kind=component"
                        + "&filter=spec.system&fields=metadata.name,metadata.tags,spec.none"
                )
                #expect(
                    either.json == [
                        ["metadata": ["name": "billing"]],
                        ["metadata": ["name": "Shop", "tags": ["java"]]],
                    ]
                )
                let first = try await platform.send(
                    .get,
                    "\(Self.base)/entities?limit=2&order=desc:metadata.name&unknown=1"
                )
                #expect(Self.names(first.json) == ["Shop", "cherries"])
                for query in ["limit=0", "offset=100001", "limit=-1", "offset=x"] {
                    let refused = try await platform.send(.get, "\(Self.base)/entities?\(query)")
                    #expect(refused.status == 400, "\(query)")
                    #expect(refused.json["error"]?["name"]?.string == "InputError")
                }
                let link = try #require(first.headers[.link])
                let target = try #require(link.dropFirst().split(separator: ">").first)
                let second = try await platform.send(.get, String(target))
                #expect(Self.names(second.json) == ["billing", "Apples"])
                #expect(second.headers[.link] == nil)
            }
        }

        @Test func `cursors lead through the pages and back, whatever is said beside them`()
            async throws
        {
            try await Platform.run { platform in
                try await plant(platform)
                let path = "\(Self.base)/entities/by-query"
                for order in ["metadata.name,asc", "metadata.title,desc", ""] {
                    var target = "\(path)?limit=2&filter=kind=component&orderField=\(order)"
                    let one = try await platform.send(.get, target)
                    #expect(one.json["totalItems"]?.int == 4, "\(one.text)")
                    #expect(one.json["pageInfo"]?["prevCursor"] == nil)
                    let next = try #require(one.json["pageInfo"]?["nextCursor"]?.string)
                    target = "\(path)?limit=2&filter=kind=api&orderField=x&cursor=\(next)"
                    let two = try await platform.send(.get, target)
                    #expect(two.json["pageInfo"]?["nextCursor"] == nil)
                    #expect(two.json["totalItems"]?.int == 4)
                    let back = try #require(two.json["pageInfo"]?["prevCursor"]?.string)
                    let again = try await platform.send(.get, "\(path)?limit=2&cursor=\(back)")
                    #expect(again.json["items"] == one.json["items"], "\(order)")
                    #expect(again.json["pageInfo"]?["prevCursor"] == nil)
                    let found = Self.names(one.json["items"]) + Self.names(two.json["items"])
                    #expect(Set(found) == ["Apples", "billing", "cherries", "Shop"])
                    if order.hasPrefix("metadata.name") {
                        #expect(found == ["Apples", "billing", "cherries", "Shop"])
                    }
                    if order.hasPrefix("metadata.title") { #expect(found.first == "Apples") }
                }
                let forged = try await platform.send(.get, "\(path)?cursor=abc")
                #expect(forged.status == 400)
            }
        }

        @Test(arguments: [
            ("fullTextFilterTerm=SHO&fullTextFilterFields=metadata.name", ["Shop"]),
            (
                "fullTextFilterTerm=t_1&fullTextFilterFields=metadata.title,metadata.name",
                ["Apples"]
            ),
            ("fullTextFilterTerm=_%25&fullTextFilterFields=metadata.name", []),
            ("fullTextFilterTerm=err&orderField=metadata.name,asc", ["cherries"]),
            ("fullTextFilterTerm=%20", ["Apples", "billing", "cherries", "Shop"]),
            ("offset=3&orderField=metadata.name", ["Shop"]),
            ("limit=0", []),
        ])
        func `a text is looked for in the values of keys`(
            query: String,
            expected: [String]
        ) async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let reply = try await platform.send(.get, "\(Self.base)/entities/by-query?\(query)")
                #expect(reply.status == 200, "\(reply.text)")
                #expect(Self.names(reply.json["items"]).sorted() == expected.sorted())
            }
        }

        @Test func `an entity is found by name, uid and reference`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let path = "\(Self.base)/entities/by-name/Component/acme/shop"
                let named = try await platform.send(.get, path)
                #expect(named.json["metadata"]?["name"]?.string == "Shop")
                let uid = try #require(named.json["metadata"]?["uid"]?.string)
                let same = try await platform.send(.get, "\(Self.base)/entities/by-uid/\(uid)")
                #expect(same.json == named.json)
                let ancestry = try await platform.send(.get, path + "/ancestry")
                #expect(ancestry.json["rootEntityRef"]?.string == "component:acme/shop")
                #expect(ancestry.json["items"]?[0]?["entity"] == named.json)
                let refs = try await platform.send(
                    .post,
                    "\(Self.base)/entities/by-refs",
                    as: Self.acme,
                    json: """
                        {"entityRefs":["component:acme/Shop","component:globex/cherries","x",\
                        "component:acme/billing"],"fields":["metadata.name"]}
                        """
                )
                #expect(
                    refs.json["items"] == [
                        ["metadata": ["name": "Shop"]], nil, nil,
                        ["metadata": ["name": "billing"]],
                    ]
                )
                let gone = try await platform.send(.delete, "\(Self.base)/entities/by-uid/\(uid)")
                #expect(gone.status == 204)
                #expect(try await platform.send(.get, path).status == 404)
            }
        }

        @Test func `an answer has an end in bytes, and lists go on behind it`() async throws {
            try await Platform.run { platform in
                try await platform.plantEntity(of: "acme")
                try platform.database.run(
                    """
                    INSERT INTO catalog_entity (id, ref, kind, namespace, name, tenant_id, document,
                        terms, words, revision, created_at, updated_at)
                    SELECT gen_random_uuid(), ref || n, kind, namespace, name || n, tenant_id,
                           json_build_object('n', n, 'text', repeat('x', 1 << 20)), terms, words,
                           revision, created_at, updated_at
                      FROM catalog_entity, generate_series(10, 29) n
                    """
                )
                func pages(_ first: String, next: (Reply) -> String?) async throws -> [Int] {
                    var counts: [Int] = []
                    var path: String? = first
                    while let place = path {
                        let reply = try await platform.send(.get, place)
                        #expect(reply.status == 200 && counts.count < 9)
                        counts.append((reply.json["items"] ?? reply.json).array?.count ?? 0)
                        path = next(reply)
                    }
                    return counts
                }
                let list = try await pages("\(Self.base)/entities") { reply in
                    reply.headers[.link].map { String($0.dropFirst().prefix { $0 != ">" }) }
                }
                #expect(list == [16, 5])
                let query = "\(Self.base)/entities/by-query"
                let found = try await pages("\(query)?limit=100") { reply in
                    reply.json["pageInfo"]?["nextCursor"]?.string
                        .map { "\(query)?limit=100&cursor=\($0)" }
                }
                #expect(found == [16, 5])
                let own = try await pages("/v1/catalog/entities?limit=100") { reply in
                    reply.headers[.link].map { String($0.dropFirst().prefix { $0 != ">" }) }
                }
                #expect(own == [16, 5])
                let twice = Array(repeating: #""component:acme/shop10""#, count: 16)
                let refs = try await platform.send(
                    .post,
                    "\(Self.base)/entities/by-refs",
                    json: #"{"entityRefs":[\#(twice.joined(separator: ","))]}"#
                )
                #expect(refs.status == 400, "\(refs.text.prefix(300))")
            }
        }

        @Test func `facets count what the filter lets through`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let reply = try await platform.send(
                    .get,
                    "\(Self.base)/entity-facets?facet=kind&facet=relations.ownedBy"
                        + "&filter=metadata.namespace=acme"
                )
                #expect(
                    reply.json == [
                        "facets": [
                            "kind": [["value": "Component", "count": 3]],
                            "relations.ownedBy": [["value": "group:acme/team-a", "count": 3]],
                        ]
                    ]
                )
                let missing = try await platform.send(.get, "\(Self.base)/entity-facets")
                #expect(missing.status == 400)
            }
        }

        @Test func `errors are in the form of Backstage`() async throws {
            try await Platform.run { platform in
                let path = "\(Self.base)/entities/by-name/component/default/nothing"
                let absent = try await platform.send(.get, path + "?x=1")
                #expect(absent.status == 404)
                #expect(absent.headers[.contentType] == "application/json")
                #expect(absent.json["error"]?["name"]?.string == "NotFoundError")
                #expect(
                    absent.json["request"] == [
                        "method": "GET", "url": "/entities/by-name/component/default/nothing?x=1",
                    ]
                )
                #expect(absent.json["response"] == ["statusCode": 404])
                let stranger = try await platform.send(.get, path, as: nil)
                #expect(stranger.status == 401)
                #expect(stranger.json["error"]?["name"]?.string == "AuthenticationError")
                let wrong = try await platform.send(
                    .get,
                    "\(Self.base)/entities?filter=%3Dx&limit=x"
                )
                #expect(wrong.status == 400)
                #expect(wrong.json["error"]?["name"]?.string == "InputError")
            }
        }

        @Test func `a descriptor is checked without being kept`() async throws {
            try await Platform.run { platform in
                let path = "\(Self.base)/validate-entity"
                let entity = #"{"apiVersion":"backstage.io/v1alpha1","kind":"System","#
                let right = try await platform.send(
                    .post,
                    path,
                    json: """
                        {"entity":\(entity)"metadata":{"name":"x"},"spec":{"owner":"a"}},\
                        "location":"url:https://example.com/x"}
                        """
                )
                #expect(right.status == 200 && right.body.isEmpty, "\(right.text)")
                let wrong = try await platform.send(
                    .post,
                    path,
                    json: """
                        {"entity":\(entity)"metadata":{"name":"x"}},\
                        "location":"url:https://example.com/x"}
                        """
                )
                #expect(wrong.status == 400)
                #expect(
                    wrong.json["errors"] == [
                        ["name": "InputError", "message": "/spec A System needs its `spec`."]
                    ]
                )
                let place = try await platform.send(
                    .post,
                    path,
                    json: #"{"entity":{},"location":"file:/etc/passwd"}"#
                )
                #expect(place.status == 400)
            }
        }
    }
}
