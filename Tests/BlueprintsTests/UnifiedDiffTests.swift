import TestSupport
import Testing

@testable import Blueprints

@Suite struct UnifiedDiffTests {
    private func diff(_ before: String, _ after: String) -> UnifiedDiff {
        UnifiedDiff(from: Array(before.utf8), to: Array(after.utf8), path: "f", newPath: "f")
    }

    @Test func `equal texts have no difference`() {
        #expect(diff("a\nb\n", "a\nb\n").text == "")
    }

    @Test func `a changed line is shown with its surroundings`() {
        let before = (1...9).map { "\($0)\n" }.joined()
        let after = before.replacing("5\n", with: "five\n")
        #expect(
            diff(before, after).text == """
                --- a/f
                +++ b/f
                @@ -2,7 +2,7 @@
                 2
                 3
                 4
                -5
                +five
                 6
                 7
                 8

                """
        )
    }

    @Test func `a missing newline at the end is said`() {
        #expect(diff("a\n", "a").text.hasSuffix("-a\n+a\n\\ No newline at end of file\n"))
    }

    @Test func `a new file starts from nothing`() {
        let diff = UnifiedDiff(from: [], to: Array("a\n".utf8), path: nil, newPath: "f")
        #expect(diff.text == "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n")
    }

    @Test func `binary files are named only`() {
        let diff = UnifiedDiff(from: [0, 1], to: [0, 2], path: "f", newPath: "f")
        #expect(diff.text.hasSuffix("binary files differ\n"))
    }

    @Test func `a large difference is cut at a line`() {
        let after = (0..<10_000).map { "line \($0)\n" }.joined()
        let cut = diff("", after)
        #expect(cut.isTruncated)
        #expect(cut.text.utf8.count <= UnifiedDiff.bytesMax)
        #expect(cut.text.hasSuffix("\n"))
    }

    @Test(arguments: 0..<30)
    func `the script leads from one text to the other`(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        func lines() -> [ArraySlice<UInt8>] {
            (0..<Int.random(in: 0..<60, using: &random)).map { _ in
                Array("\(Int.random(in: 0..<6, using: &random))\n".utf8)[...]
            }
        }
        let before = lines()
        let after = lines()
        let script = EditScript(before, after, editsMax: seed.isMultiple(of: 3) ? 4 : 600)
        #expect(script.edits.filter { $0.sign != "+" }.map(\.line) == before)
        #expect(script.edits.filter { $0.sign != "-" }.map(\.line) == after)
    }
}
