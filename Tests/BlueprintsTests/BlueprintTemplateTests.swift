import Domain
import JSON
import Testing

@testable import Blueprints

@Suite struct BlueprintTemplateTests {
    private func render(
        _ manifest: String,
        _ files: [String: String],
        _ parameters: JSON = [:]
    ) throws -> RenderedTree {
        let manifest = try BlueprintManifest(
            parsing: Array((BlueprintManifestTests.head + manifest).utf8)
        )
        let template = BlueprintTemplate(
            manifest: manifest,
            files: try files.map { path, text in
                BlueprintFile(
                    path: try RepositoryPath(parsing: path),
                    mode: "100644",
                    identity: path,
                    content: Array(text.utf8)
                )
            }
        )
        return try template.render(
            parameters: parameters,
            builtIns: BuiltIns(
                tenant: "acme",
                clusterName: "acme",
                repositoryURL: "https://h/acme.git",
                blueprint: "p",
                version: "v1"
            )
        )
    }

    private let text = """
        parameters:
          type: object
          properties: {x: {type: string, default: d}, n: {type: integer}, l: {type: array}}
        variables: {X: /x, N: /n, L: /l}

        """

    private func codes(_ body: () throws -> RenderedTree) -> [Finding.Code] {
        do {
            _ = try body()
            return []
        } catch let fault as RenderFault {
            return fault.findings.map(\.code)
        } catch {
            return []
        }
    }

    @Test func `values come from defaults, numbers and lists`() throws {
        let tree = try render(text, ["f": "${X} ${N} ${L}"], ["n": 3, "l": ["a", 1]])
        #expect(tree.files.first?.content == .rendered(Array(#"d 3 ["a",1]"#.utf8)))
    }

    @Test func `a file without expressions keeps its identity`() throws {
        let tree = try render(text, ["f": "plain {{ .Values.x }}", "g": "$"])
        #expect(tree.files.map(\.content) == [.unchanged("f"), .unchanged("g")])
    }

    @Test func `a binary file and a file outside of substitute go through`() throws {
        let tree = try render(
            text + "substitute: ['**', '!*.sh']\n",
            ["a.bin": "\u{0}${X}", "b.sh": "${HOME}"]
        )
        #expect(tree.files.map(\.content) == [.unchanged("a.bin"), .unchanged("b.sh")])
    }

    @Test(arguments: [
        "../../etc/passwd", "/abs", "a/../../b", ".git/config", ".GIT", "a\\b", "x\ny", "", "git~1",
        ".",
        "a//b", ".slipway/x", ".Slipway",
    ])
    func `a value cannot lead a path out of the repository`(_ value: String) {
        let found = codes { try render(text, ["${X}/f": "", "g": ""], ["x": .string(value)]) }
        #expect(found == [.badPath] || found == [.pathTaken])
    }

    @Test func `two files cannot become one`() {
        #expect(codes { try render(text, ["${X}": "", "d": ""]) } == [.pathTaken])
        #expect(codes { try render(text, ["${X}": "", "d/e": ""]) } == [.pathTaken])
        #expect(codes { try render(text, ["a/${X}/b": "", "a/d": ""]) } == [.pathTaken])
    }

    @Test func `a pattern that matches nothing is a typo`() {
        #expect(
            codes { try render(text + "substitute: [nothing/**]\n", ["f": ""]) } == [.badManifest]
        )
    }

    @Test func `findings of all files come together`() {
        let found = codes {
            try render(text, ["a": "${ONE}", "b": "${TWO", "${THREE}": "", "d": "${FOUR^^}"])
        }
        #expect(found.count == 4)
    }

    @Test func `a value with NUL or of great length is refused`() {
        #expect(codes { try render(text, ["f": "${X}"], ["x": "a\u{0}b"]) }.first == .badParameter)
        let long = JSON.string(String(repeating: "a", count: BlueprintTemplate.valueBytesMax + 1))
        #expect(codes { try render(text, ["f": "${X}"], ["x": long]) }.first == .badParameter)
    }

    @Test(arguments: [
        ("when: {parameter: /x, equals: d}", true), ("when: {parameter: /x, equals: e}", false),
        ("when: {parameter: /x, notEquals: d}", false), ("when: {parameter: /x, in: [c, d]}", true),
        ("when: {parameter: /x}", true), ("when: {parameter: /n}", false),
    ])
    func `a condition keeps a file or leaves it out`(_ when: String, _ isKept: Bool) throws {
        let tree = try render(
            text + "conditions:\n  - files: [f]\n    \(when)\n",
            ["f": "", "g": ""]
        )
        #expect(tree.files.contains { $0.path.text == "f" } == isKept)
        #expect(tree.removed.map(\.text) == (isKept ? [] : ["f"]))
    }

    @Test func `a record reads back as it was written`() throws {
        let record = BlueprintRecord(
            blueprint: "p\"q",
            version: "v1.0.0",
            commit: String(repeating: "a", count: 40),
            parameters: ["b": ["x": 1], "a": "line\n\"quoted\""],
            builtIns: BuiltIns(
                tenant: "acme",
                clusterName: "c",
                repositoryURL: "https://h",
                branch: "main",
                blueprint: "p\"q",
                version: "v1.0.0"
            )
        )
        #expect(BlueprintRecord(parsing: record.bytes) == record)
        #expect(BlueprintRecord(parsing: Array("{}".utf8)) == nil)
        #expect(record.bytes == record.bytes)
    }
}
