import JSON
import Testing

@testable import Catalog

@Suite struct EntityPredicateTests {
    private static func read(_ text: String) throws -> EntityPredicate {
        try EntityPredicate(reading: try JSON.parse(Array(text.utf8)))
    }

    private static func fault(_ text: String) throws -> EntityPredicateFault? {
        let value = try JSON.parse(Array(text.utf8))
        do throws(EntityPredicateFault) {
            _ = try EntityPredicate(reading: value)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            ("{}", .everything), (#"{"$all":[]}"#, .everything), (#"{"$any":[]}"#, .any([])),
            (#"{"Kind":"Component"}"#, .key("kind", .isOne(of: ["component"]))),
            (
                #"{"a":7,"b":true}"#,
                .all([.key("a", .isOne(of: ["7"])), .key("b", .isOne(of: ["true"]))])
            ),
            (#"{"a":1e3}"#, .key("a", .isOne(of: ["1000"]))),
            (#"{"a":{"$in":["X",1.0]}}"#, .key("a", .isOne(of: ["x", "1"]))),
            (#"{"a":{"$in":[]}}"#, .key("a", .isOne(of: []))),
            (#"{"a":{"$exists":true}}"#, .key("a", .exists)),
            (#"{"a":{"$exists":false}}"#, .not(.key("a", .exists))),
            (#"{"a":{"$hasPrefix":"Ab"}}"#, .key("a", .hasPrefix("ab"))),
            (#"{"a":{"$hasPrefix":""}}"#, .key("a", .exists)),
            (#"{"a":{"$contains":"Ab"}}"#, .key("a", .contains("ab"))),
            (#"{"$not":{"a":"b"}}"#, .not(.key("a", .isOne(of: ["b"])))),
            (
                #"{"$any":[{"a":"b"},{"$all":[{"c":"d"},{}]}]}"#,
                .any([
                    .key("a", .isOne(of: ["b"])),
                    .all([.key("c", .isOne(of: ["d"])), .everything]),
                ])
            ),
            (
                #"{"relations":{"$contains":{"type":"ownedBy","targetRef":"Group:default/a"}}}"#,
                .key("relations.ownedby", .isOne(of: ["group:default/a"]))
            ),
            (
                #"{"Relations":{"$contains":{"TYPE":"ownedBy","targetref":{"$in":["x","y"]}}}}"#,
                .key("relations.ownedby", .isOne(of: ["x", "y"]))
            ),
            (#"{"relations":{"$contains":{"type":"partOf"}}}"#, .key("relations.partof", .exists)),
        ] as [(String, EntityPredicate)]
    )
    func `a predicate is read as Backstage's clients write it`(
        text: String,
        expected: EntityPredicate
    ) throws {
        #expect(try Self.read(text) == expected)
    }

    @Test(arguments: [
        ("7", "", "Expected an object"), (#""kind""#, "", "Expected an object"),
        ("[]", "", "Expected an object"), ("null", "", "Expected an object"),
        (#"{"$al":[]}"#, "", "Did you mean `$all`?"), (#"{"$or":[]}"#, "", "Known are"),
        (#"{"$all":{}}"#, "/$all", "Expected an array"),
        (#"{"$all":[7]}"#, "/$all/0", "Expected an object"),
        (#"{"$not":[]}"#, "/$not", "Expected an object"),
        (#"{"$not":{},"kind":"a"}"#, "", "stands alone"),
        (#"{"$all":[],"$any":[]}"#, "", "stands alone"),
        (#"{"a":null}"#, "/a", "not null"), (#"{"a":["b"]}"#, "/a", "not an array"),
        (#"{"a":{}}"#, "/a", "exactly one of"),
        (#"{"a":{"$in":["b"],"$exists":true}}"#, "/a", "exactly one of"),
        (#"{"a":{"$exist":true}}"#, "/a", "Did you mean `$exists`?"),
        (#"{"a":{"$exists":"true"}}"#, "/a/$exists", "Expected `true` or `false`"),
        (#"{"a":{"$in":"b"}}"#, "/a/$in", "Expected an array"),
        (#"{"a":{"$in":[{}]}}"#, "/a/$in/0", "not an object"),
        (#"{"a":{"$hasPrefix":7}}"#, "/a/$hasPrefix", "Expected a text"),
        (#"{"a":{"$contains":{"b":"c"}}}"#, "/a/$contains", "`relations` alone"),
        (#"{"a":{"$contains":[]}}"#, "/a/$contains", "not an array"),
        (#"{"a":{"$not":"b"}}"#, "/a", "Known are"),
        (#"{"a":"b\u0000"}"#, "/a", "U+0000"), (#"{"a\u0000":"b"}"#, "/a\u{0}", "U+0000"),
        (#"{"relations":{"$contains":{"targetRef":"x"}}}"#, "/relations/$contains", "`type`"),
        (#"{"relations":{"$contains":{"type":7}}}"#, "/relations/$contains/type", "a text"),
        (
            #"{"relations":{"$contains":{"type":"a","TYPE":"b"}}}"#, "/relations/$contains/TYPE",
            "twice"
        ),
        (
            #"{"relations":{"$contains":{"type":"a","target":"b"}}}"#, "/relations/$contains",
            "Known are"
        ),
        (
            #"{"relations":{"$contains":{"type":"a","targetRef":{"$in":[]}}}}"#,
            "/relations/$contains/targetRef", "some texts"
        ),
    ])
    func `what is no predicate is refused with its place`(
        text: String,
        place: String,
        detail: String
    ) throws {
        let fault = try #require(try Self.fault(text), "\(text)")
        #expect(fault.place.description == place)
        #expect(fault.detail.contains(detail), "\(fault.detail)")
    }

    private static func nested(_ depth: Int) -> String {
        String(repeating: #"{"$not":"#, count: depth - 1) + "{}"
            + String(repeating: "}", count: depth - 1)
    }

    private static func list(_ name: String, _ count: Int, _ element: (Int) -> String) -> String {
        #"{"\#(name)":[\#((0..<count).map(element).joined(separator: ","))]}"#
    }

    @Test func `a predicate is bounded in depth, parts, values, walks and bytes`() throws {
        #expect(try Self.fault(Self.nested(16)) == nil)
        #expect(try Self.fault(Self.nested(17))?.reason.contains("16 deep") == true)
        // The operator, and each empty predicate within it.
        #expect(try Self.fault(Self.list("$any", 199) { _ in "{}" }) == nil)
        let empty = Self.list("$any", 200) { _ in "{}" }
        #expect(try Self.fault(empty)?.reason.contains("200") == true)
        let branches = Self.list("$any", 5_000) { #"{"kind":"k\#($0)"}"# }
        #expect(try Self.fault(branches)?.reason.contains("At most 200") == true)
        let values = { (count: Int) in #"{"a":\#(Self.list("$in", count) { "\($0)" })}"# }
        #expect(try Self.fault(values(999)) == nil)
        #expect(try Self.fault(values(1_000))?.reason.contains("1000 keys and values") == true)
        let walks = { (count: Int) in
            Self.list("$any", count) {
                $0 % 2 == 0 ? #"{"a":{"$hasPrefix":"b"}}"# : #"{"relations.ownedBy":"c"}"#
            }
        }
        #expect(try Self.fault(walks(20)) == nil)
        #expect(try Self.fault(walks(21))?.reason.contains("At most 20") == true)
        let long = String(repeating: "x", count: 65_536)
        #expect(try Self.fault(#"{"a":"\#(long)"}"#)?.reason.contains("64 KiB") == true)
        // Nothing is walked for what begins with nothing.
        let nothing = Self.list("$any", 21) { _ in #"{"a":{"$hasPrefix":""}}"# }
        #expect(try Self.fault(nothing) == nil)
        // A message stays short whatever it quotes.
        let key = try #require(try Self.fault(#"{"\#(long.dropLast(40))":null}"#))
        #expect(key.detail.utf8.count < 200)
        #expect(try #require(try Self.fault(#"{"$\#(long)":1}"#)).detail.utf8.count < 200)
    }

    @Test func `a predicate is bounded in bytes as it was written`() throws {
        let one = "1." + String(repeating: "0", count: 900)
        let ones = { (count: Int) in #"{"a":\#(Self.list("$in", count) { _ in one })}"# }
        #expect(try Self.fault(ones(140)) == nil)
        #expect(try Self.fault(ones(150))?.reason.contains("128 KiB as JSON") == true)
        let escapes = { (count: Int) in
            #"{"a":"\#(String(repeating: #"\u0001"#, count: count))"}"#
        }
        #expect(try Self.fault(escapes(21_000)) == nil)
        #expect(try Self.fault(escapes(22_000))?.reason.contains("128 KiB as JSON") == true)
    }

    @Test func `prefixes and relations are counted wherever they stand`() throws {
        let predicate = try Self.read(
            #"""
            {"$all":[{"a":{"$hasPrefix":"b"},"kind":"c"},{"$not":{"relations.ownedBy":"d"}},
                     {"$any":[{"relations":{"$contains":{"type":"partOf"}}}]},
                     {"a":{"$hasPrefix":""}}]}
            """#
        )
        #expect(predicate.walks == 3)
        let texts = (0..<EntityFilter.conditionsMax).map { "relations.ownedby=group:\($0)" }
        let filter = try EntityFilter(parsing: texts).predicate
        #expect(filter.walks == 50)
        #expect(filter.and(predicate).walks == 53)
        // A filter of as many relations as are taken is counted by two facets.
        #expect(EntityPredicate.facetWalksMax == 100)
    }

    @Test func `a filter says the same as its predicate`() throws {
        let filter = try EntityFilter(parsing: ["kind=a,kind=b,spec.type", "x=1"])
        let same = #"""
            {"$any":[{"$all":[{"kind":{"$in":["a","b"]}},{"spec.type":{"$exists":true}}]},
                     {"$all":[{"x":"1"}]}]}
            """#
        #expect(filter.predicate == (try Self.read(same)))
        #expect(EntityFilter().predicate == .everything)
        #expect(filter.predicate.keys == ["kind", "spec.type", "x"])
        #expect(EntityPredicate.everything.and(.any([])) == .any([]))
        #expect(EntityPredicate.any([]).and(.everything) == .any([]))
    }
}
