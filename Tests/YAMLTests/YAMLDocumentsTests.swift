import JSON
import TestSupport
import Testing
import YAML

struct YAMLDocumentsTests {
    private func documents(_ text: String) throws -> [JSON] {
        try YAML.documents(Array(text.utf8)).map(\.value)
    }

    private func problems(_ text: String) -> [YAMLProblem] {
        do {
            _ = try YAML.documents(Array(text.utf8))
            return []
        } catch {
            return error.problems
        }
    }

    @Test func `empty documents and comments are left out, lines are kept`() throws {
        let text = "# head\n---\n---\na: 1 # one\n---\n# nothing\n---\n\nb: 2\n...\n"
        let found = try YAML.documents(Array(text.utf8))
        #expect(found.map(\.value) == [["a": 1], ["b": 2]])
        #expect(found.map(\.line) == [4, 9])
    }

    @Test(
        arguments: [
            ("y", true), ("YES", true), ("on", true), ("n", false), ("Off", false), ("yeS", "yeS"),
            ("0o17", 15), ("017", 15), ("0x1F", 31), ("-0b11", -3), ("1_000", 1000), ("089", 89),
            ("+12", 12), ("~", nil), ("Null", nil), ("2001-12-14", "2001-12-14"), ("1:30", "1:30"),
            ("1.2.3", "1.2.3"), ("v1.34.0", "v1.34.0"), ("12e03", 12_000), ("0x", "0x"), (".", "."),
            ("18446744073709551615", .integer(UInt64.max)), ("1e999", "1e999"), ("=", "="),
            ("\"yes\"", "yes"), ("'017'", "017"), ("!!str 12", "12"), ("! 12", "12"),
            ("-", nil), ("1_a", "1_a"), ("t", "t"), ("True", true),
        ] as [(String, JSON)]
    )
    func `scalars are what the API server takes them for`(_ text: String, _ value: JSON) throws {
        guard text != "-" else {
            #expect(try documents("a: \n  -") == [["a": [nil]]])
            return
        }
        #expect(try documents("a: \(text)\n") == [["a": value]])
    }

    @Test(arguments: [(".5", "0.5"), ("1.", "1"), ("-1.50", "-1.50"), ("+1e3", "1e3")])
    func `floats become what JSON can write`(_ text: String, _ written: String) throws {
        let value = try documents("a: \(text)")[0]["a"]
        #expect(value?.number?.text == written)
    }

    @Test func `keys become texts`() throws {
        let keys = try documents("1: a\ny: b\n0x10: c\n1.5: d\n")
        #expect(keys == [["1": "a", "true": "b", "16": "c", "1.5": "d"]])
        #expect(!problems("~: a\n").isEmpty)
        #expect(!problems("? [a]\n: b\n").isEmpty)
        #expect(!problems("on: 1\ntrue: 2\n").isEmpty)
    }

    @Test func `anchors, aliases and merge keys are resolved`() throws {
        let text = """
            base: &base {a: 1, b: {c: 2}}
            one: *base
            two: {<<: *base, a: 3}
            three:
              d: 4
              <<: [{a: 5}, *base]
            """
        let base: JSON = ["a": 1, "b": ["c": 2]]
        #expect(
            try documents(text) == [
                [
                    "base": base, "one": base, "two": ["a": 3, "b": ["c": 2]],
                    "three": ["a": 5, "b": ["c": 2], "d": 4],
                ]
            ]
        )
        #expect(!problems("<<: 1\n").isEmpty)
        #expect(!problems("a: *nothing\n").isEmpty)
    }

    @Test(arguments: [".inf", "-.Inf", ".nan", "!!binary aGk=", "!x y", "[a", "a: b: c", "\u{0}"])
    func `what JSON cannot say is refused`(_ text: String) {
        #expect(problems("a: \(text)").first?.line ?? 1 <= 2)
        #expect(!problems("a: \(text)").isEmpty)
    }

    @Test func `a billion laughs are refused, as values and as keys`() {
        var values = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 10)
            values += "a\(level): &a\(level) [\(aliases.joined(separator: ", "))]\n"
        }
        #expect(problems(values).first?.kind == .limit)
        #expect(!problems(values + "? *a12\n: x\n").isEmpty)
        #expect(!problems(values + "*a12 : x\n").isEmpty)
        #expect(!problems(values + "k: {*a12 : x}\n").isEmpty)
        #expect(!problems(values + "[*a12]: x\n").isEmpty)
        let long = "a: &a \(String(repeating: "x", count: 1 << 20))\n"
        let many = (0..<20).map { "b\($0): *a\n" }.joined()
        #expect(problems(long + many).first?.kind == .limit)
    }

    private static let large: [String] = [
        String(repeating: "[", count: 50_000), String(repeating: "{a: ", count: 50_000),
        String(repeating: "- ", count: 50_000) + "a", String(repeating: "? ", count: 50_000),
        (0..<1_500).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        String(repeating: "[", count: 500) + String(repeating: "]", count: 500),
        String(repeating: "a", count: 4 << 20) + "b", String(repeating: "--- a\n", count: 1_001),
        "[" + String(repeating: "1,", count: 200_001) + "1]",
    ]

    @Test(arguments: large.indices)
    func `deep and large streams are refused`(_ index: Int) {
        #expect(problems(Self.large[index]).first?.line ?? 0 >= 0)
        #expect(!problems(Self.large[index]).isEmpty)
    }

    @Test(arguments: 0..<20)
    func `no text crashes the reader, and what is read is written to be read`(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let pieces = [
            "a", ":", ": ", " ", "\n", "- ", "[", "]", "{", "}", ",", "&x ", "*x", "!", "!!str ",
            "|", ">", "'", "\"", "%", "@", "#", "? ", "---\n", "...", "<<: ", "\t", "ä",
            "\u{FEFF}", "\\", "1", "0x", "y", "~", "\r",
        ]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0..<40, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            guard problems(text).isEmpty else { continue }
            let values = try documents(text)
            #expect(try YAML.documents(YAML.text(values)).map(\.value) == values)
        }
    }

    @Test func `scripts in block scalars are only text`() throws {
        let text =
            "run: |\n  [[ $a && $b ]] || { echo \"&x *y : ? z\" & }\n  case x in *) ;; esac\n"
        #expect(try documents(text)[0]["run"]?.string?.hasPrefix("[[ $a") == true)
    }
}
