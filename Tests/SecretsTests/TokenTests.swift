import TestSupport
import Testing

@testable import Secrets

struct TokenTests {
    @Test(arguments: Token.Kind.allCases)
    func `a token comes back from its text`(_ kind: Token.Kind) throws {
        for _ in 0..<200 {
            let token = Token.generate(kind)
            let text = token.revealedText()
            #expect(text.utf8.count == Token.characterCount)
            let parsed = try Token(parsing: text)
            #expect(parsed.kind == kind)
            #expect(parsed.hash == token.hash)
            #expect(parsed.hash == SHA256.hash(text))
            #expect(text.hasPrefix(token.hint))
        }
    }

    @Test func `the same random numbers make the same token`() {
        var one = SeededGenerator(seed: 1)
        var other = SeededGenerator(seed: 1)
        let text = Token.generate(.root, using: &one).revealedText()
        #expect(text == Token.generate(.root, using: &other).revealedText())
        #expect(text.hasPrefix("slp_r"))
    }

    @Test func `one wrong character is found without the database`() throws {
        var random = SeededGenerator(seed: 3)
        let text = Array(Token.generate(.service, using: &random).revealedText().utf8)
        for place in 5..<text.count {
            var wrong = text
            wrong[place] = text[place] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
            #expect(throws: Token.Fault.checksum) {
                try Token(parsing: String(decoding: wrong, as: UTF8.self))
            }
        }
    }

    @Test func `a text of another form is refused`() {
        let good = Token.generate(.person).revealedText()
        let others = [
            "", "slp_", String(good.dropLast()), good + "0", " " + good.dropLast(),
            "ghp_p" + good.dropFirst(5), "slp_x" + good.dropFirst(5),
            "slp_p-" + good.dropFirst(6), good.replacing("slp_", with: "SLP_"),
        ]
        for text in others {
            #expect(throws: Token.Fault.malformed, "\(text)") { try Token(parsing: text) }
        }
    }

    @Test func `random numbers use all of the alphabet`() {
        var seen: Set<Character> = []
        for _ in 0..<200 { seen.formUnion(Token.generate(.person).revealedText().dropFirst(5)) }
        #expect(seen.count == 62)
    }
}
