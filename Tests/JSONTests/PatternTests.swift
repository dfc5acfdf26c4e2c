import Foundation
import TestSupport
import Testing

@testable import JSON

struct PatternTests {
    @Test(
        arguments: [
            (
                "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", ["a", "ab", "a-b"],
                ["", "-a", "a-", "A", "a_b"]
            ),
            ("f.*o", ["foo", "xfoox", "fo"], ["of", "f\no"]),
            ("^(a|b)*c$", ["c", "abac"], ["abd", "cc "]),
            ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
            ("^a{2}$", ["aa"], ["aaa"]),
            ("^a{2,}?$", ["aa", "aaaaa"], ["a"]),
            ("^a+?b??$", ["a", "aab"], ["b", "abb"]),
            ("^\\d\\D\\w\\W\\s\\S$", ["1a_- x"], ["aa_- x", "1a_-xx"]),
            ("^[^0-9]$", ["a", "é", "😀"], ["5", "ab"]),
            ("^[\\w.-]+$", ["a.b-c"], ["a b"]),
            ("^[]$", [], ["", "a"]),
            ("^[^]$", ["a", "\n"], [""]),
            ("\\bcat\\b", ["cat", "a cat."], ["concat", "cats"]),
            ("\\Bcat", ["concat"], ["cat"]),
            ("^\\u{1F600}\\u0041\\x42\\cA\\0$", ["😀AB\u{1}\u{0}"], ["😀AB"]),
            ("^\\ud83d\\ude00$", ["😀"], ["x"]),
            ("^(?:a(?<name>b))+$", ["ab", "abab"], ["aab"]),
            ("^\\p{Lu}\\P{L}\\p{Letter}$", ["A1é"], ["a1é", "Aaa"]),
            ("^\\$\\{[^}]*\\}$", ["${x}"], ["{x}"]),
            ("", ["", "anything"], []),
            ("^$", [""], ["a"]),
            ("a||b", ["", "x"], []),
            ("(a*)*b", ["b", "aab"], ["a"]),
            ("^.$", ["a", "😀"], ["\n", "\u{2028}", "ab"]),
            ("^(){1000}$", [""], ["a"]),
        ] as [(String, [String], [String])]
    )
    func `a pattern matches what ECMA says`(
        _ source: String,
        _ matching: [String],
        _ other: [String]
    ) throws {
        let pattern = try TextPattern(parsing: source)
        for text in matching { #expect(pattern.matches(text) == true, "\(source) on \(text)") }
        for text in other { #expect(pattern.matches(text) == false, "\(source) on \(text)") }
    }

    @Test(arguments: [
        "(", ")", "a)", "[a", "[z-a]", "[a-\\d]", "*a", "a**", "a{2,1}", "a{1", "a{", "{", "}",
        "]", "\\", "\\1", "(a)\\1", "\\k<n>", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?i)a",
        "\\q", "\\u12", "\\u{110000}", "\\ud83d", "\\x4", "\\p{Script=Greek}", "\\pL", "a{1001}",
        "(a{1000}){1000}", "((){1000}){1000}", "^*", "\\c1", "(?<a", "(?<a b>x)", "[\\", "\\u{}",
    ])
    func `a pattern that cannot be used is refused with a sentence`(_ source: String) throws {
        let fault = try #require(throws: PatternFault.self) { try TextPattern(parsing: source) }
        #expect(!fault.reason.isEmpty)
    }

    @Test func `a pattern that makes others backtrack takes linear time`() throws {
        let text = String(repeating: "a", count: 5_000) + "!"
        for source in ["^(a+)+$", "^(a|aa)+$", "^(a|a)*$", "(a*)*(a*)*b"] {
            #expect(try TextPattern(parsing: source).matches(text) == false)
        }
    }

    @Test func `work beyond the limit is given up on`() throws {
        let pattern = try TextPattern(parsing: "^(a?){600}b$")
        #expect(pattern.matches(String(repeating: "a", count: 10_000)) != true)
        #expect(
            try TextPattern(parsing: "(x?){900}y").matches(
                String(repeating: "x", count: 100_000)
            ) == nil
        )
    }

    @Test func `groups cannot overflow the stack`() {
        let deep = String(repeating: "(", count: 100_000)
        #expect(throws: PatternFault.self) { try TextPattern(parsing: deep) }
    }

    @Test func `it agrees with a backtracking matcher on random patterns`() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<600 {
            let source = Self.pattern(depth: 3, &random)
            let pattern = try TextPattern(parsing: source)
            let other = try NSRegularExpression(pattern: source)
            for _ in 0..<6 {
                let text = String(
                    (0..<Int.random(in: 0...6, using: &random)).map { _ in
                        "abc".randomElement(using: &random) ?? "a"
                    }
                )
                let range = NSRange(location: 0, length: text.utf16.count)
                let expected = other.firstMatch(in: text, range: range) != nil
                #expect(pattern.matches(text) == expected, "\(source) on \(text)")
            }
        }
    }

    @Test func `random texts are patterns or faults, never a crash`() {
        var random = SeededGenerator(seed: 11)
        let alphabet = Array("ab()[]{}*+?|^$\\.-,012dwpu<>:=!é😀")
        for _ in 0..<5_000 {
            let source = String(
                (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    alphabet.randomElement(using: &random) ?? "a"
                }
            )
            // Either way is fine; what is tested is that there is a way.
            _ = try? TextPattern(parsing: source).matches("aab0\u{E9}")
        }
    }

    private static func pattern(depth: Int, _ random: inout SeededGenerator) -> String {
        let kind =
            depth == 0
            ? Int.random(in: 0..<4, using: &random)
            : Int.random(in: 0..<9, using: &random)
        switch kind {
        case 0, 1: return "abc".randomElement(using: &random).map(String.init) ?? "a"
        case 2: return "[ab]"
        case 3: return "[^a]"
        case 4:
            return "(" + pattern(depth: depth - 1, &random) + "|"
                + pattern(depth: depth - 1, &random) + ")"
        case 5:
            return "(" + pattern(depth: depth - 1, &random) + ")"
                + (["*", "+", "?", "{1,2}", "{2}"].randomElement(using: &random) ?? "*")
        case 6: return "^" + pattern(depth: depth - 1, &random)
        case 7: return pattern(depth: depth - 1, &random) + "$"
        default: return pattern(depth: depth - 1, &random) + pattern(depth: depth - 1, &random)
        }
    }
}
