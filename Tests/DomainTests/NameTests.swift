import Testing

@testable import Domain

struct NameTests {
    @Test(arguments: ["a", "0", "acme", "a-b", "a--b", "1-2", String(repeating: "x", count: 63)])
    func `an RFC 1123 label is a name`(text: String) throws {
        #expect(try TenantName(parsing: text).text == text)
    }

    @Test(
        arguments: [
            ("", .empty), ("-a", .hyphenAtEdge), ("a-", .hyphenAtEdge), ("-", .hyphenAtEdge),
            ("A", .badCharacter), ("a_b", .badCharacter), ("a.b", .badCharacter),
            ("a b", .badCharacter), ("é", .badCharacter), ("a\u{0}", .badCharacter),
            ("a\n", .badCharacter), ("ａ", .badCharacter),
            (String(repeating: "x", count: 64), .tooLong),
        ] as [(String, NameFault)]
    )
    func `anything else says what is wrong with it`(text: String, fault: NameFault) {
        #expect(throws: fault) { try TenantName(parsing: text) }
        #expect(!fault.detail.isEmpty)
    }
}

struct LabelTests {
    @Test(arguments: [
        "a", "A", "app.kubernetes.io/name", "x/y", "tier_1", "a.b-c_d", "1",
        String(repeating: "a", count: 63), "example.com/" + String(repeating: "a", count: 63),
    ])
    func `a qualified name is a label key`(text: String) throws {
        #expect(try LabelKey(parsing: text).description == text)
    }

    @Test(arguments: [
        "", "/", "a/", "/a", "a/b/c", "-a", "a-", "_a", "a b", "ä", "Example.com/a", "a..b/c",
        ".a/b", "-a/b", String(repeating: "a", count: 64),
        String(repeating: "a.", count: 127) + "/x", "a/b\n",
    ])
    func `anything else is none`(text: String) {
        #expect(throws: LabelFault.badKey) { try LabelKey(parsing: text) }
    }

    @Test func `every fault is told at once, by key`() {
        let input = [("ok", "yes"), ("no good", "x"), ("b", "-"), ("slipway.dev/a", "1")]
        #expect(
            throws: LabelFaults(entries: [
                .init(key: "no good", fault: .badKey), .init(key: "b", fault: .badValue),
                .init(key: "slipway.dev/a", fault: .reservedPrefix),
            ])
        ) { try Labels(parsing: input) }
    }

    @Test func `64 labels are taken and 65 refused`() throws {
        let input = (0..<65).map { (key: "k\($0)", value: "") }
        #expect(try Labels(parsing: Array(input.dropLast())).pairs.count == 64)
        #expect(throws: LabelFaults.self) { try Labels(parsing: input) }
    }

    @Test func `only Slipway's own prefix is reserved`() throws {
        #expect(try LabelKey(parsing: "slipway.dev/x").isReserved)
        #expect(try LabelKey(parsing: "a.slipway.dev/x").isReserved)
        #expect(try !LabelKey(parsing: "notslipway.dev/x").isReserved)
        #expect(try !LabelKey(parsing: "slipway.dev").isReserved)
    }
}

struct LabelSelectorTests {
    private let labels: Labels

    init() throws {
        labels = try Labels(parsing: [("tier", "gold"), ("region", "eu"), ("empty", "")])
    }

    @Test(arguments: [
        ("", true), ("  ", true), ("tier", true), ("!tier", false), ("! tier", false),
        ("missing", false), ("!missing", true), ("tier=gold", true), ("tier==gold", true),
        ("tier = gold", true), ("tier!=gold", false), ("tier != silver", true),
        ("missing!=x", true), ("tier in (gold, silver)", true), ("tier in (silver)", false),
        ("tier notin (gold)", false), ("tier notin(silver)", true), ("missing notin (a)", true),
        ("tier=gold,region=eu", true), ("tier=gold , region=us", false), ("empty=", true),
        ("empty in ()", true), ("tier=,region", false), ("in in (a)", false), ("in", false),
        ("region,!missing,tier in (gold)", true),
    ])
    func `a selector selects as Kubernetes does`(text: String, isSelected: Bool) throws {
        #expect(try LabelSelector(parsing: text).selects(labels) == isSelected)
    }

    @Test(arguments: [
        ",", "a,", ",a", "a b", "a=b=c", "a=b c", "a in", "a in (", "a in (b", "a in b",
        "a in (b c)",
        "!", "!a=b", "=b", "a!b", "a > 1", "a notin", "(a)", "a in (b),,c",
    ])
    func `anything else says where it cannot be read`(text: String) {
        #expect(throws: SelectorFault.self) { try LabelSelector(parsing: text) }
    }

    @Test func `keys and values keep the rules for labels`() {
        #expect(throws: SelectorFault.badLabel(offset: 2)) { try LabelSelector(parsing: "-a") }
        #expect(throws: SelectorFault.badLabel(offset: 4)) { try LabelSelector(parsing: "a=b-") }
    }

    @Test func `the number of terms and values is bounded`() throws {
        let terms = (0..<17).map { "k\($0)" }
        #expect(
            try LabelSelector(parsing: terms.dropLast().joined(separator: ",")).terms.count == 16
        )
        #expect(throws: SelectorFault.tooLong) {
            try LabelSelector(parsing: terms.joined(separator: ","))
        }
        let values = (0..<33).map { "v\($0)" }.joined(separator: ",")
        #expect(throws: SelectorFault.tooLong) { try LabelSelector(parsing: "k in (\(values))") }
    }
}
