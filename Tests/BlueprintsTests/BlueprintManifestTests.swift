import JSON
import TestSupport
import Testing

@testable import Blueprints

@Suite struct BlueprintManifestTests {
    static let head = "apiVersion: slipway.dev/v1\nkind: Blueprint\nmetadata: {name: p}\n"

    private func findings(_ text: String) -> [String] {
        do throws(RenderFault) {
            _ = try BlueprintManifest(parsing: Array(text.utf8))
            return []
        } catch {
            return error.findings.map(\.description)
        }
    }

    @Test func `the smallest manifest is three lines`() throws {
        let manifest = try BlueprintManifest(parsing: Array(Self.head.utf8))
        #expect(manifest.name == "p")
        #expect(manifest.takesSubstitution("any/file"))
        #expect(!manifest.takesSubstitution(BlueprintManifest.path))
        #expect(manifest.parameters.validate(["x": 1]).count == 1)
    }

    @Test func `everything that is wrong is told at once, with lines`() {
        let found = findings(
            """
            apiVersion: slipway.dev/v2
            kind: Blueprint
            metadata:
              name: Not A Label
              nmae: x
            parameters:
              type: object
              properties:
                region: {type: string}
            variables:
              REGION: /regoin
              TENANT: /region
              1X: /region
              BARE: region
            substitute: [/abs, 3]
            conditions:
              - files: []
                when: {parameter: /region, equals: a, in: [b]}
              - file: [a]
                when: {parameter: /nowhere}
            varibles: {}
            """
        )
        #expect(
            found.contains { $0.hasPrefix("blueprint.yaml:1:") && $0.contains("slipway.dev/v1") }
        )
        #expect(
            found.contains {
                $0.hasPrefix("blueprint.yaml:5:") && $0.contains("did you mean `name`?")
            }
        )
        #expect(
            found.contains {
                $0.hasPrefix("blueprint.yaml:11:") && $0.contains("did you mean `region`?")
            }
        )
        #expect(found.contains { $0.hasPrefix("blueprint.yaml:12:") && $0.contains("built in") })
        #expect(
            found.contains {
                $0.hasPrefix("blueprint.yaml:21:") && $0.contains("did you mean `variables`?")
            }
        )
        #expect(found.count == 15, "\(found.joined(separator: "\n"))")
    }

    @Test func `reserved sections are kept, others are refused`() throws {
        let text = Self.head + "clusterClasses: [{name: small}]\n"
        let manifest = try BlueprintManifest(parsing: Array(text.utf8))
        #expect(manifest.reserved["clusterClasses"]?[0]?["name"] == "small")
        #expect(!findings(Self.head + "environment: []\n").isEmpty)
    }

    @Test(arguments: [
        "a: &x 1\nb: *x\n", "a: [&x 1, *x]\n", "- &a b\n", "a: !!str &b c\n", "? &a b\n: c\n",
        "a: 1\na: 2\n", "a: {b: 1, b: 2}\n", "\u{0}", "a: [", "a: b: c", "--- 1\n--- 2\n", "",
        "a: *nothing\n", "{? [a]: b}\n", "<<: {a: 1}\n", "@", "\tx: 1\n", "%YAML 3.0\n---\na\n",
    ])
    func `what is not plain YAML is a finding, never a crash`(_ text: String) {
        #expect(!findings(text).isEmpty)
    }

    @Test(arguments: [
        String(repeating: "[", count: 5_000), String(repeating: "{a: ", count: 5_000),
        String(repeating: "- ", count: 5_000) + "a",
        (0..<500).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        String(repeating: "? ", count: 5_000), String(repeating: "a", count: 1 << 20) + "b",
        "a: [" + String(repeating: "1,", count: 30_000) + "1]",
    ])
    func `deep and large documents are refused before they cost anything`(_ text: String) {
        #expect(findings(text).count >= 1)
    }

    @Test func `an ampersand in a text is no anchor`() throws {
        let text = Self.head.replacing("name: p", with: "name: p, description: a & b &c")
        #expect(findings(text).isEmpty)
        #expect(findings(Self.head + "# see &this\n").isEmpty)
    }

    @Test(arguments: 0..<20)
    func `no text crashes the reader`(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let pieces = [
            "a", ":", " ", "\n", "- ", "[", "]", "{", "}", ",", "&", "*", "!", "|", ">", "'", "\"",
            "%", "@",
            "#", "?", "---", "...", "<<", "\t", "ä", "\u{FEFF}", "\\", "1",
        ]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0..<40, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            _ = findings(text)
        }
    }
}
