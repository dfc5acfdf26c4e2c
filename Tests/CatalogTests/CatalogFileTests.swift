import JSON
import Testing

@testable import Catalog

@Suite struct CatalogFileTests {
    private static func read(_ text: String) -> CatalogFile {
        CatalogFile(Array(text.utf8), path: "catalog-info.yaml")
    }

    private static func system(_ name: String, owner: String = "team-a") -> String {
        """
        apiVersion: backstage.io/v1alpha1
        kind: System
        metadata: {name: \(name)}
        spec:
          owner: \(owner)

        """
    }

    @Test func `a file holds several entities, each with its line`() {
        let file = Self.read("# ours\n---\n\(Self.system("a"))---\n\(Self.system("b"))---\n...\n")
        #expect(file.problems == [])
        #expect(file.entries.map(\.entity.name) == ["a", "b"])
        #expect(file.entries.map(\.line) == [3, 9])
    }

    @Test func `a broken document is told with file and line and leaves the others whole`() {
        let broken = "apiVersion: backstage.io/v1alpha1\nkind: [unclosed\n"
        let file = Self.read("\(Self.system("a"))---\n\(broken)---\n\(Self.system("c"))")
        #expect(file.entries.map(\.entity.name) == ["a", "c"])
        #expect(file.problems.count == 1)
        #expect(file.problems.first?.description.hasPrefix("catalog-info.yaml:") == true)
        #expect((7...9).contains(file.problems.first?.line ?? 0))
        #expect(file.problems.first?.code == "invalid-yaml")
    }

    @Test func `what breaks a rule is told at the line of the member`() {
        let file = Self.read("\(Self.system("a"))---\n\(Self.system("b", owner: "[]"))")
        #expect(
            file.problems.map(\.description) == [
                "catalog-info.yaml:11:10: /spec/owner: Expected a text, not an array."
            ]
        )
        let missing = Self.read("kind: System\nmetadata:\n  name: x\napiVersion: v1\n")
        #expect(missing.problems == [])
    }

    @Test func `a marker within a text ends the document as YAML says`() {
        let file = Self.read("a: |\n  text\n--- \n\(Self.system("b"))")
        #expect(file.entries.map(\.entity.name) == ["b"])
        #expect(file.problems.allSatisfy { ($0.line ?? 0) < 3 })
    }

    @Test func `an alias stands for its anchor, within limits`() {
        let file = Self.read(
            """
            apiVersion: backstage.io/v1alpha1
            kind: Resource
            metadata: {name: &name db, title: *name}
            spec: {type: database, owner: a}
            """
        )
        #expect(file.entries.first?.entity.title == "db")
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let refused = Self.read(bomb)
        #expect(refused.entries.isEmpty)
        #expect(refused.problems.map(\.code) == ["too-large"])
    }

    @Test func `a long text behind many aliases is counted each time`() {
        let long = String(repeating: "x", count: 100_000)
        let aliases = Array(repeating: "*t", count: 1_000).joined(separator: ",")
        let file = Self.read("t: &t \(long)\nall: [\(aliases)]\n")
        #expect(file.problems.map(\.code) == ["too-large"])
    }

    @Test func `too large a file, too many documents and too deep a one are refused with a reason`()
    {
        let large = CatalogFile([UInt8](repeating: 0x20, count: 50 << 20), path: "a.yaml")
        #expect(large.problems.map(\.code) == ["too-large"])
        let many = Self.read(
            (0..<1_500).map { "---\n\(Self.system("s\($0)"))" }.joined()
        )
        #expect(many.entries.count == 1_000)
        #expect(many.problems.map(\.code) == ["too-many-documents"])
        let deep = Self.read(String(repeating: "[", count: 10_000))
        #expect(deep.problems.map(\.code) == ["too-large"])
    }

    @Test func `two documents whose names differ in case only are told, the first stays`() {
        let file = Self.read("\(Self.system("Shop"))---\n\(Self.system("shop"))")
        #expect(file.entries.map(\.entity.name) == ["Shop"])
        #expect(file.problems.map(\.code) == ["twice"])
        #expect(file.problems.first?.line == 7)
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n---\n", "%YAML 1.2\n---\n"])
    func `a file without content has neither entities nor problems`(text: String) {
        let file = Self.read(text)
        #expect(file.entries.isEmpty && file.problems.isEmpty)
    }

    @Test func `words are texts as in YAML 1_2`() {
        let file = Self.read(
            """
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: {name: no, tags: [on, off]}
            spec: {type: yes, lifecycle: experimental, owner: y}
            """
        )
        #expect(file.problems == [])
        #expect(file.entries.first?.entity.name == "no")
    }
}
