import TestSupport
import Testing

@testable import Blueprints

@Suite struct SubstitutionFuzzTests {
    private static let pieces = [
        "${", "}", "$", "$$", "{", "{{", "NAME", "NONE", ":", ":-", ":=", "=", "-", "/", "//", "/#",
        "/%", "#", "##", "%", "%%", "^", "^^", ",", ",,", "*", "?", "[", "]", "!", "\\", "0", "-1",
        "9223372036854775807", " ", "\n", "ä", "\u{0}", "abc",
    ]
    private static let values = ["NAME": "aXbä/*[", "N": "", "abc": "${NAME}"]

    @Test(arguments: 0..<40)
    func `no text crashes, and every answer is text or findings`(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let substitution = Substitution(values: Self.values)
        for _ in 0..<250 {
            let count = Int.random(in: 0..<40, using: &random)
            var text: [UInt8] = []
            for _ in 0..<count {
                text += Array((Self.pieces.randomElement(using: &random) ?? "").utf8)
                if Int.random(in: 0..<50, using: &random) == 0 {
                    text.append(UInt8.random(in: .min ... .max, using: &random))
                }
            }
            var fault = RenderFault()
            let output = substitution.expand(text, file: "f", fault: &fault)
            #expect((output == nil) == !fault.isEmpty)
        }
    }

    @Test(arguments: 0..<20)
    func `text without a dollar comes out as it went in`(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let text = (0..<2_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            .filter { $0 != UInt8(ascii: "$") }
        var fault = RenderFault()
        #expect(Substitution(values: [:]).expand(text, file: "f", fault: &fault) == text)
    }

    @Test func `escaping every dollar gives the text back`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let text = (0..<200).flatMap { _ in
                Array((Self.pieces.randomElement(using: &random) ?? "").utf8)
            }
            let escaped = text.flatMap { $0 == UInt8(ascii: "$") ? [$0, $0] : [$0] }
            var fault = RenderFault()
            let output = Substitution(values: [:]).expand(escaped, file: "f", fault: &fault)
            #expect(output == text)
        }
    }
}
