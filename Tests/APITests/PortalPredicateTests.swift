import Catalog
import Domain
import HTTP
import JSON
import Secrets
import Storage
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// The predicates that newer clients of Backstage send in bodies.
    @Suite struct PortalPredicateTests {
        private static let base = "/api/catalog"
        private static let acme = Platform.Holder(role: .developer, tenant: "acme")

        private func plant(_ platform: Platform) async throws {
            let shop = try await platform.write(
                "Shop",
                of: "acme",
                metadata: #","tags":["java","web"],"annotations":{"a.b/c.d":"X=y","n":"50%_x"}"#,
                spec: #","dependsOn":["component:orders"],"system":"store","replicas":3"#
            )
            #expect(shop.status == 201, "\(shop.text)")
            try await platform.write("orders", of: "acme", metadata: #","title":"Orders_1""#)
            try await platform.write("cherries", of: "globex", spec: #","beta":true"#)
            let system = try await platform.send(
                .put,
                "/v1/catalog/entities/system/acme/store",
                json: """
                    {"apiVersion":"backstage.io/v1alpha1","kind":"System",\
                    "metadata":{"name":"store","namespace":"acme"},"spec":{"owner":"team-b"}}
                    """
            )
            #expect(system.status == 201, "\(system.text)")
        }

        private func names(_ reply: Reply) -> [String] {
            reply.json["items"]?.array?.compactMap { $0["metadata"]?["name"]?.string } ?? []
        }

        private static let all = ["Shop", "cherries", "orders", "store"]

        @Test(arguments: [
            ("{}", all), (#"{"$all":[]}"#, all), (#"{"$any":[]}"#, []), (#"{"$not":{}}"#, []),
            (#"{"kind":"component"}"#, ["Shop", "cherries", "orders"]),
            (#"{"KIND":"COMPONENT","metadata.Name":"shop"}"#, ["Shop"]),
            (#"{"kind":{"$in":["System","API"]}}"#, ["store"]), (#"{"kind":{"$in":[]}}"#, []),
            (#"{"$not":{"kind":{"$in":[]}}}"#, all),
            (#"{"$not":{"kind":"component"}}"#, ["store"]),
            (
                #"{"$all":[{"kind":"component"},{"$not":{"spec.system":{"$exists":true}}}]}"#,
                ["cherries", "orders"]
            ),
            (#"{"$any":[{"metadata.name":"shop"},{"kind":"system"}]}"#, ["Shop", "store"]),
            (#"{"spec.replicas":3}"#, ["Shop"]), (#"{"spec.replicas":"3"}"#, ["Shop"]),
            (#"{"spec.beta":true}"#, ["cherries"]),
            (#"{"spec.beta":{"$exists":false},"kind":"component"}"#, ["Shop", "orders"]),
            // Lists, keys with dots and slashes.
            (#"{"metadata.tags":"Java"}"#, ["Shop"]),
            (#"{"metadata.tags":{"$contains":"WEB"}}"#, ["Shop"]),
            (#"{"metadata.tags.java":{"$exists":true}}"#, ["Shop"]),
            (#"{"metadata.annotations.a.b/c.d":"x=Y"}"#, ["Shop"]),
            // Beginnings: in any case, and `%` and `_` are themselves.
            (#"{"metadata.name":{"$hasPrefix":"S"}}"#, ["Shop", "store"]),
            (#"{"metadata.name":{"$hasPrefix":""}}"#, all),
            (#"{"metadata.annotations.n":{"$hasPrefix":"50%_"}}"#, ["Shop"]),
            (#"{"metadata.title":{"$hasPrefix":"%"}}"#, []),
            (#"{"metadata.title":{"$hasPrefix":"orders_"}}"#, ["orders"]),
            (#"{"metadata.title":{"$hasPrefix":"ordersx"}}"#, []),
            // Relations, whichever side says them.
            (
                #"{"relations":{"$contains":{"type":"ownedBy"}}}"#, all
            ),
            (
                #"{"relations":{"$contains":{"type":"ownedBy","targetRef":"group:acme/team-b"}}}"#,
                ["store"]
            ),
            (
                """
                {"relations":{"$contains":{"type":"dependencyOf",\
                "targetRef":{"$in":["x","Component:acme/Shop"]}}}}
                """, ["orders"]
            ),
            (#"{"relations.hasPart":"component:acme/shop"}"#, ["store"]),
            (#"{"relations.hasPart":{"$hasPrefix":"component:acme/"}}"#, ["store"]),
            (#"{"relations.hasPart":{"$contains":"component:acme/shop"}}"#, ["store"]),
            (#"{"$not":{"relations.hasPart":{"$exists":true}}}"#, ["Shop", "cherries", "orders"]),
            (#"{"relations.none":{"$exists":true}}"#, []),
        ])
        func `entities are found by what their keys fulfil`(
            query: String,
            expected: [String]
        ) async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let reply = try await platform.send(
                    .post,
                    "\(Self.base)/entities/by-query",
                    json: #"{"query":\#(query)}"#
                )
                #expect(reply.status == 200, "\(reply.text)")
                #expect(names(reply).sorted() == expected, "\(query)")
                #expect(reply.json["totalItems"]?.int == expected.count)
                // Facets, references and Slipway's own search say the same.
                let facets = try await platform.send(
                    .post,
                    "\(Self.base)/entity-facets",
                    json: #"{"facets":["metadata.name"],"query":\#(query)}"#
                )
                let counted = facets.json["facets"]?["metadata.name"]?.array?.compactMap {
                    $0["value"]?.string
                }
                #expect(counted?.sorted() == expected)
                let references = try await platform.send(
                    .post,
                    "\(Self.base)/entities/by-refs",
                    json: """
                        {"entityRefs":["component:acme/shop","system:acme/store"],"query":\(query)}
                        """
                )
                #expect(names(references) == expected.filter { ["Shop", "store"].contains($0) })
                let own = try await platform.send(
                    .get,
                    "/v1/catalog/entities?predicate=\(Self.encoded(query))"
                )
                #expect(names(own).sorted() == expected, "\(own.text.prefix(300))")
            }
        }

        private static func encoded(_ text: String) -> String {
            text.utf8.map { byte in
                let hex = String(byte, radix: 16, uppercase: true)
                return hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }.joined()
        }

        @Test func `a predicate finds uids by how they begin`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let uid = try await platform.uid(of: "acme")
                for (query, count) in [
                    (#"{"metadata.uid":"\#(uid)"}"#, 1),
                    (#"{"metadata.uid":{"$hasPrefix":"\#(uid.prefix(30).uppercased())"}}"#, 1),
                    (#"{"metadata.uid":{"$hasPrefix":"zz"}}"#, 0),
                ] {
                    let reply = try await platform.send(
                        .post,
                        "\(Self.base)/entities/by-query",
                        json: #"{"query":\#(query)}"#
                    )
                    #expect(reply.json["totalItems"]?.int == count, "\(query) \(reply.text)")
                }
            }
        }

        @Test func `cursors carry the predicate, in a form that sends them in bodies`()
            async throws
        {
            try await Platform.run { platform in
                try await plant(platform)
                let path = "\(Self.base)/entities/by-query"
                let first = try await platform.send(
                    .post,
                    path,
                    json: """
                        {"query":{"kind":"component"},"limit":2,"fields":["metadata.name"],
                         "orderBy":[{"field":"metadata.name","order":"desc"},
                                    {"field":"kind","order":"asc"}]}
                        """
                )
                #expect(names(first) == ["Shop", "orders"], "\(first.text)")
                #expect(first.json["items"]?[0] == ["metadata": ["name": "Shop"]])
                #expect(first.json["totalItems"]?.int == 3)
                let cursor = try #require(first.json["pageInfo"]?["nextCursor"]?.string)
                // As `cursorContainsQuery` of the client looks into it.
                let inner = try JSON.parse(try #require(Base64.decode(cursor)))
                #expect(inner["query"] != nil)
                // Everything but `limit` and `fields` is passed over.
                let second = try await platform.send(
                    .post,
                    path,
                    json: """
                        {"cursor":"\(cursor)","limit":1,"query":{"kind":"system"},"fields":["kind"]}
                        """
                )
                #expect(second.json["items"] == [["kind": "Component"]], "\(second.text)")
                #expect(second.json["totalItems"]?.int == 3)
                #expect(second.json["pageInfo"]?["nextCursor"] == nil)
                let back = try #require(second.json["pageInfo"]?["prevCursor"]?.string)
                let again = try await platform.send(
                    .post,
                    path,
                    json: #"{"cursor":"\#(back)","limit":2,"fields":["metadata.name"]}"#
                )
                #expect(again.json["items"] == first.json["items"])
                // It leads on in an address as well; those without a predicate are as before.
                let read = try await platform.send(
                    .get,
                    "\(path)?limit=1&cursor=\(Self.encoded(cursor))"
                )
                #expect(names(read) == ["cherries"], "\(read.text)")
                let plain = try await platform.send(.post, path, json: #"{"limit":1}"#)
                let bare = try #require(plain.json["pageInfo"]?["nextCursor"]?.string)
                #expect(!bare.hasPrefix("eyJ"), "Base64 of an object begins so")
                let stream = try await platform.send(.get, "\(path)?limit=500&cursor=\(bare)")
                #expect(names(stream).count == 3)
            }
        }

        @Test func `texts are looked for, and counting can be left out`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let path = "\(Self.base)/entities/by-query"
                let found = try await platform.send(
                    .post,
                    path,
                    json: """
                        {"query":{"kind":"component"},"fullTextFilter":{"term":" RS_1 ",
                         "fields":["metadata.title","metadata.name"]}}
                        """
                )
                #expect(names(found) == ["orders"], "\(found.text)")
                let none = try await platform.send(
                    .post,
                    path,
                    json: #"{"fullTextFilter":{},"totalItems":"exclude","limit":1,"offset":1}"#
                )
                #expect(none.json["totalItems"]?.int == 0)
                #expect(names(none).count == 1)
                let cursor = try #require(none.json["pageInfo"]?["nextCursor"]?.string)
                let next = try await platform.send(.get, "\(path)?cursor=\(cursor)")
                #expect(next.json["totalItems"]?.int == 0)
                #expect(names(next).count == 2)
                let read = try await platform.send(.get, "\(path)?totalItems=exclude")
                #expect(read.json["totalItems"]?.int == 0 && names(read).count == 4)
                let wrong = try await platform.send(.get, "\(path)?totalItems=maybe")
                #expect(wrong.status == 400)
            }
        }

        @Test(arguments: [
            ("entities/by-query", #"{"query":"bad"}"#), ("entities/by-query", #"{"query":[]}"#),
            ("entities/by-query", #"{"query":null}"#),
            ("entities/by-query", #"{"query":{"$invalid":true}}"#),
            ("entities/by-query", #"{"limit":-1}"#), ("entities/by-query", #"{"limit":"5"}"#),
            ("entities/by-query", #"{"offset":100001}"#), ("entities/by-query", #"{"fields":"x"}"#),
            ("entities/by-query", #"{"cursor":""}"#), ("entities/by-query", #"{"cursor":"abc"}"#),
            ("entities/by-query", #"{"orderBy":[{"field":"a","order":"sideways"}]}"#),
            ("entities/by-query", #"{"orderBy":{"field":"a","order":"asc"}}"#),
            ("entities/by-query", #"{"fullTextFilter":"x"}"#), ("entities/by-query", "[]"),
            ("entities/by-query", #"{"filter":["kind=x"]}"#),
            ("entity-facets", #"{}"#), ("entity-facets", #"{"facets":[]}"#),
            ("entity-facets", #"{"facets":[""]}"#),
            ("entity-facets", #"{"facets":["kind"],"query":{"a":null}}"#),
            ("entities/by-refs", #"{"entityRefs":[],"query":7}"#),
            ("locations/by-query", #"{"limit":0}"#), ("locations/by-query", #"{"limit":1.5}"#),
            ("locations/by-query", #"{"query":{"kind":"x"}}"#),
            ("locations/by-query", #"{"query":{"$not":{"spec.type":{"$exists":true}}}}"#),
            ("locations/by-query", #"{"cursor":"abc"}"#), ("locations/by-query", #"{"query":1}"#),
        ])
        func `a wrong body is an error as Backstage writes it`(
            path: String,
            body: String
        ) async throws {
            try await Platform.run { platform in
                let reply = try await platform.send(.post, "\(Self.base)/\(path)", json: body)
                #expect(reply.status == 400, "\(body) \(reply.text)")
                #expect(reply.json["error"]?["name"]?.string == "InputError")
                #expect(reply.json["error"]?["message"]?.string?.isEmpty == false)
                #expect(reply.json["request"] == ["method": "POST", "url": .string("/\(path)")])
                #expect(reply.json["response"] == ["statusCode": 400])
            }
        }

        @Test func `hostile predicates are refused, and cost nothing`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let deep =
                    String(repeating: #"{"$not":"#, count: 60) + "{}"
                    + String(repeating: "}", count: 60)
                let wide = (0..<20_000).map { #"{"a\#($0)":{"$hasPrefix":"b"}}"# }
                let many = (0..<100_000).map(String.init).joined(separator: ",")
                let one = "1." + String(repeating: "0", count: 900)
                let ones = Array(repeating: one, count: 500).joined(separator: ",")
                for query in [
                    deep, #"{"$any":[\#(wide.joined(separator: ","))]}"#,
                    #"{"a":{"$in":[\#(many)]}}"#,
                    #"{"a":"\#(String(repeating: "x", count: 500_000))"}"#,
                    #"{"a":{"$in":[\#(ones)]}}"#,
                    #"{"a":"\#(String(repeating: #"\u0001"#, count: 25_000))"}"#,
                ] {
                    let reply = try await platform.send(
                        .post,
                        "\(Self.base)/entities/by-query",
                        json: #"{"query":\#(query)}"#
                    )
                    #expect(reply.status == 400, "\(query.prefix(60)) \(reply.text)")
                    #expect(reply.text.utf8.count < 2_000)
                }
                // As much as is taken is answered.
                let walks = (0..<20).map { #"{"relations.ownedBy":{"$hasPrefix":"group:\#($0)"}}"# }
                let keys = (0..<100).map { #"{"$not":{"k\#($0)":"v"}}"# }
                for parts in [walks, Array(keys.dropLast())] {
                    let reply = try await platform.send(
                        .post,
                        "\(Self.base)/entities/by-query",
                        json: #"{"query":{"$any":[\#(parts.joined(separator: ","))]}}"#
                    )
                    #expect(reply.status == 200, "\(reply.text)")
                }
                let own = try await platform.send(
                    .get,
                    "/v1/catalog/entities?predicate=\(Self.encoded(#"{"$in":[]}"#))"
                )
                #expect(own.status == 400)
                #expect(own.json["errors"]?[0]?["code"]?.string == "invalid-predicate")
                let torn = try await platform.send(.get, "/v1/catalog/entities?predicate=%7B")
                #expect(torn.json["errors"]?[0]?["code"]?.string == "invalid-predicate")
            }
        }

        @Test func `the longest cursor that is handed out is taken`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                let path = "\(Self.base)/entities/by-query"
                let value = String(repeating: #"\u0001"#, count: 21_000)
                let field = #""\#(String(repeating: #"\u0001"#, count: 200))""#
                let fields = Array(repeating: field, count: 99) + [#""kind""#]
                let first = try await platform.send(
                    .post,
                    path,
                    json: """
                        {"query":{"$not":{"a":"\(value)"}},"limit":1,"fullTextFilter":
                         {"term":"o","fields":[\(fields.joined(separator: ","))]}}
                        """
                )
                #expect(names(first).count == 1, "\(first.text.prefix(300))")
                let cursor = try #require(first.json["pageInfo"]?["nextCursor"]?.string)
                #expect(cursor.utf8.count > 400_000)
                let second = try await platform.send(
                    .post,
                    path,
                    json: #"{"cursor":"\#(cursor)","limit":5}"#
                )
                #expect(second.status == 200, "\(second.text.prefix(300))")
                #expect(names(second).count == 2)
            }
        }

        @Test func `prefixes and relations are looked for anew for each facet, within a limit`()
            async throws
        {
            try await Platform.run { platform in
                let path = "\(Self.base)/entity-facets"
                let keys = { (count: Int) in
                    (0..<count).map { #""k\#($0)""# }.joined(separator: ",")
                }
                let prefixes = { (count: Int, prefix: String) in
                    let one = #"{"kind":{"$hasPrefix":"\#(prefix)"}}"#
                    let all = Array(repeating: one, count: count).joined(separator: ",")
                    return #"{"$any":[\#(all)]}"#
                }
                for (facets, query, status) in [
                    (20, prefixes(20, ""), 200), (20, prefixes(5, "c"), 200),
                    (5, prefixes(20, "c"), 200), (20, prefixes(6, "c"), 400),
                ] {
                    let reply = try await platform.send(
                        .post,
                        path,
                        json: #"{"facets":[\#(keys(facets))],"query":\#(query)}"#
                    )
                    #expect(reply.status == status, "\(facets) \(query) \(reply.text)")
                    guard status == 400 else { continue }
                    #expect(reply.json["error"]?["name"]?.string == "InputError")
                    #expect(reply.text.contains("At most 100 prefixes and relations"))
                }
                // Relations of filters count as well: all 50 conditions may be some.
                let filter = (0..<50).map { "relations.r\($0)" }.joined(separator: ",")
                for (facets, status) in [("kind,spec.type", 200), ("kind,spec.type,a", 400)] {
                    let reply = try await platform.send(
                        .get,
                        "\(path)?facet=\(facets)&filter=\(filter)"
                    )
                    #expect(reply.status == status, "\(reply.text)")
                }
                let ten = (0..<10).map { "k\($0)" }.joined(separator: ",")
                for (count, status) in [(10, 200), (11, 400)] {
                    let query = Self.encoded(prefixes(count, "c"))
                    let own = try await platform.send(
                        .get,
                        "/v1/catalog/entities?facets=\(ten)&predicate=\(query)"
                    )
                    #expect(own.status == status, "\(own.text)")
                }
            }
        }

        @Test func `a predicate finds nothing of another tenant's`() async throws {
            try await Platform.run { platform in
                try await plant(platform)
                try await platform.write(
                    "spy",
                    of: "globex",
                    spec: #","dependsOn":["component:acme/orders"]"#
                )
                for query in [
                    "{}", #"{"$not":{"kind":"none"}}"#,
                    #"{"metadata.namespace":{"$hasPrefix":"glo"}}"#,
                    #"{"relations.dependencyOf":"component:globex/spy"}"#,
                ] {
                    let reply = try await platform.send(
                        .post,
                        "\(Self.base)/entities/by-query",
                        as: Self.acme,
                        json: #"{"query":\#(query)}"#
                    )
                    let found = names(reply)
                    #expect(!found.contains("cherries") && !found.contains("spy"), "\(query)")
                    let seesAll = query == "{}" || query.hasPrefix(#"{"$not"#)
                    #expect(reply.json["totalItems"]?.int == (seesAll ? 3 : 0), "\(reply.text)")
                }
            }
        }

        @Test func `locations are found by their targets, by page`() async throws {
            try await Platform.run { platform in
                let path = "\(Self.base)/locations"
                var ids: [String] = []
                for name in ["a", "b", "C"] {
                    let target = "https://github.com/acme/\(name)/blob/main/catalog-info.yaml"
                    let made = try await platform.send(
                        .post,
                        path,
                        json: #"{"type":"url","target":"\#(target)"}"#
                    )
                    ids.append(made.json["location"]?["id"]?.string ?? "")
                }
                for (query, expected) in [
                    ("{}", ids), (#"{"type":"URL"}"#, ids), (#"{"type":"file"}"#, []),
                    (#"{"id":"\#(ids[1])"}"#, [ids[1]]), (#"{"id":{"$in":[]}}"#, []),
                    (#"{"target":{"$hasPrefix":"HTTPS://github.com/acme/c"}}"#, [ids[2]]),
                    (#"{"$not":{"id":{"$in":["\#(ids[0])"]}}}"#, [ids[1], ids[2]]),
                    (#"{"target":{"$exists":false}}"#, []), (#"{"target":{"$contains":"a"}}"#, []),
                ] {
                    let reply = try await platform.send(
                        .post,
                        "\(path)/by-query",
                        json: #"{"query":\#(query)}"#
                    )
                    let found = reply.json["items"]?.array?.compactMap { $0["id"]?.string }
                    #expect(found?.sorted() == expected.sorted(), "\(query) \(reply.text)")
                    #expect(reply.json["totalItems"]?.int == expected.count)
                }
                // streamLocations({query}): each page by the cursor alone.
                let first = try await platform.send(
                    .post,
                    "\(path)/by-query",
                    json: #"{"limit":2,"query":{"type":"url"}}"#
                )
                #expect(first.json["items"]?.array?.count == 2)
                let cursor = try #require(first.json["pageInfo"]?["nextCursor"]?.string)
                let rest = try await platform.send(
                    .post,
                    "\(path)/by-query",
                    json: #"{"cursor":"\#(cursor)","query":{"type":"file"}}"#
                )
                #expect(rest.json["items"]?.array?.count == 1, "\(rest.text)")
                #expect(rest.json["totalItems"]?.int == 3)
                #expect(rest.json["pageInfo"] == [:])
                let others = try await platform.send(
                    .post,
                    "\(path)/by-query",
                    as: Self.acme,
                    json: #"{"query":{"id":"\#(ids[0])"}}"#
                )
                // The platform's are seen by all.
                #expect(others.json["totalItems"]?.int == 1)
            }
        }
    }
}
