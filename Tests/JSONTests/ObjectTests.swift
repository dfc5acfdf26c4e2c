import Testing

@testable import JSON

struct ObjectTests {
    @Test(arguments: [3, JSONObject.linearMax, JSONObject.linearMax + 1, 40])
    func `members are set, replaced and removed at any size`(_ count: Int) {
        var object = JSONObject()
        for number in 0..<count { object["k\(number)"] = .integer(number) }
        let isAppended = object.append("k0", 9)
        #expect(!isAppended)
        object["k1"] = "new"
        object["k0"] = nil
        #expect(object.count == count - 1)
        #expect(object["k0"] == nil)
        #expect(object["k1"] == "new")
        #expect(object["k\(count - 1)"] == (count == 2 ? "new" : .integer(count - 1)))
        #expect(Array(object.keys) == (1..<count).map { "k\($0)" })
        object["k0"] = 7
        #expect(object.members.last?.key == "k0")
    }
}

struct PointerTests {
    private static let document = #"""
        {"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}
        """#

    @Test(arguments: [
        ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"),
        ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"),
        ("/m~0n", "8"),
    ])
    func `the examples of RFC 6901 hold`(_ text: String, _ expected: String) throws {
        let pointer = try #require(JSONPointer(parsing: text))
        let document = try JSON.parse(Self.document)
        #expect(document.value(at: pointer) == (try JSON.parse(expected)))
        #expect(pointer.description == text)
        #expect(document.value(at: .root) == document)
    }

    @Test(arguments: ["foo", "/~", "/~2", "/a~"])
    func `a text that is no pointer is refused`(_ text: String) {
        #expect(JSONPointer(parsing: text) == nil)
    }

    @Test(arguments: ["/foo/2", "/foo/-", "/foo/01", "/foo/+1", "/foo/0/x", "/bar", "/foo/"])
    func `a pointer to nothing finds nothing`(_ text: String) throws {
        let pointer = try #require(JSONPointer(parsing: text))
        #expect(try JSON.parse(Self.document).value(at: pointer) == nil)
    }
}

struct MergePatchTests {
    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#),
        (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
        (#"{"a":"foo"}"#, "null", "null"),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
        (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ])
    func `the examples of RFC 7396 hold`(
        _ target: String,
        _ patch: String,
        _ result: String
    )
        throws
    {
        let merged = try JSON.parse(target).merging(patch: JSON.parse(patch))
        #expect(merged.text == result)
    }
}

struct NearestNameTests {
    private static let names = ["region", "nodePools", "version", "tier", "displayName"]

    @Test(
        arguments: [
            ("regoin", "region"), ("Region", "region"), ("nodepools", "nodePools"),
            ("nodePool", "nodePools"), ("versoin", "version"), ("teir", "tier"),
            ("display_name", "displayName"), ("flavour", nil), ("", nil), ("x", nil),
        ] as [(String, String?)]
    )
    func `a typing error finds the name that was meant`(_ typed: String, _ expected: String?) {
        #expect(nearest(to: typed, in: Self.names) == expected)
    }

    @Test func `a huge name has no nearest one`() {
        #expect(nearest(to: String(repeating: "a", count: 1_000_000), in: Self.names) == nil)
    }
}
