import Testing

@Suite
struct TidyTests {
    static let rules = Rule.shape + Rule.words + Rule.reasons + Rule.layers

    @Test(arguments: rules)
    func `the repository keeps the rule`(_ rule: Rule) {
        for file in SourceTree.here.files where rule.covers(file.path) {
            for problem in rule.check(file) { Issue.record("\(problem)") }
        }
    }

    @Test(arguments: rules)
    func `a rule finds what breaks it`(_ rule: Rule) {
        #expect(!rule.bad.isEmpty)
        for snippet in rule.bad {
            let file = SourceText(path: snippet.path, text: snippet.text)
            #expect(rule.covers(snippet.path), "the rule does not look at \(snippet.path)")
            #expect(!rule.check(file).isEmpty, "not found in: \(snippet.text)")
        }
    }

    @Test(arguments: rules)
    func `a rule lets pass what only looks alike`(_ rule: Rule) {
        #expect(!rule.good.isEmpty)
        for snippet in rule.good where rule.covers(snippet.path) {
            let file = SourceText(path: snippet.path, text: snippet.text)
            #expect(rule.check(file) == [], "found in: \(snippet.text)")
        }
    }

    @Test
    func `a problem reads like a compiler's`() {
        let file = SourceText(path: "a/b.swift", text: "let a = try! b()\n")
        let said = Rule.crashes.check(file).map(\.description)
        #expect(said.count == 1)
        #expect(said.first?.hasPrefix("a/b.swift:1: this ends the process") == true)
    }

    @Test
    func `code, comments and literals are told apart`() {
        let text = #"""
            let a = "x // y \(f("in")) z" // "no"
            /* one /* two */ "three" */ let b = #"\("# + "\""
            let c = """
                SELECT "a"
                """
            func `it's "raw"`() {}
            """#
        let file = SourceText(path: "a.swift", text: text)
        #expect(file.code[0].contains("f("))
        #expect(!file.code[0].contains("x //"))
        #expect(file.strings[0].contains("in"))
        #expect(file.comments[0].trimmed == "// \"no\"")
        #expect(file.code[1].trimmed.hasPrefix("let b"))
        #expect(file.strings[1].contains(#"\("#))
        #expect(file.strings[3].contains("SELECT \"a\""))
        #expect(file.code[5].trimmed.hasSuffix("`() {}"))
    }
}
