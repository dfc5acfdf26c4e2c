import JSON
import TestSupport
import Testing
import YAML

struct YAMLTextTests {
    private func text(_ value: JSON) -> String {
        String(decoding: YAML.text(value), as: UTF8.self)
    }

    @Test func `a manifest reads as people write it, with every text quoted`() {
        let manifest: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "a", "labels": ["slipway.dev/tenant": "acme"], "empty": [:]],
            "list": [["a": 1, "b": ["x"]], [["deep"], []], nil, true], "none": [],
        ]
        #expect(
            text(manifest) == """
                apiVersion: "v1"
                kind: "ConfigMap"
                metadata:
                  name: "a"
                  labels:
                    "slipway.dev/tenant": "acme"
                  empty: {}
                list:
                  - a: 1
                    b:
                      - "x"
                  - - - "deep"
                    - []
                  - null
                  - true
                none: []

                """
        )
    }

    @Test(arguments: ["y", "no", "on", "1", "", "null", "-", "a b", "ä", "<<", "=", "a:"])
    func `keys that would be read as something else are quoted`(_ key: String) throws {
        var object = JSONObject()
        object[key] = 1
        let written = text(.object(object))
        #expect(written.hasPrefix("\""))
        #expect(try YAML.documents(Array(written.utf8)).map(\.value) == [.object(object)])
    }

    @Test func `only escapes that every reader knows are written`() {
        #expect(
            text("a\"\\/\n\t\r\u{7}\u{85}\u{2028}\u{FEFF}é😀")
                == "\"a\\\"\\\\/\\n\\t\\u000D\\u0007\\u0085\\u2028\\uFEFFé😀\"\n"
        )
    }

    @Test func `a key longer than readers look ahead is marked`() throws {
        var object = JSONObject()
        object[String(repeating: "k", count: 3_000)] = ["a": ["b": 1]]
        object["after"] = [["x": nil]]
        #expect(try YAML.documents(YAML.text(.object(object))).map(\.value) == [.object(object)])
    }

    @Test(arguments: 0..<200)
    func `what is written is read back`(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let value = Self.value(depth: 5, &random)
        let read = try YAML.documents(YAML.text([value, value])).map(\.value)
        #expect(read == (value.isNull ? [] : [value, value]))
        guard !value.isNull else { return }
        #expect(try YAML.parse(YAML.text(value)) == value)
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int.random(in: -1_000...1_000, using: &random))
        case 3, 4: return .string(text(&random))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                    value(depth: depth - 1, &random)
                }
            )
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                object[text(&random)] = value(depth: depth - 1, &random)
            }
            return .object(object)
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "yes", "1", ": ", "- ", "#", " ", "\n", "\t", "\"", "\\", "ä", "😀", "\u{1}", "&",
            "*", "[", "{", "%", "|", ">", "'", "!", "\u{2029}", "\r", "0x1", "~", "${A}",
        ]
        return (0..<Int.random(in: 0..<5, using: &random))
            .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
}
