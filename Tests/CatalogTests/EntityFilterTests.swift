import Testing

@testable import Catalog

@Suite struct EntityFilterTests {
    private static func shown(_ filter: EntityFilter) -> [String] {
        filter.sets.map { set in
            set.map { "\($0.key)\($0.values.map { "=" + $0.joined(separator: "|") } ?? "")" }
                .joined(separator: " & ")
        }
    }

    @Test(arguments: [
        (["kind=Component,spec.type=service"], ["kind=component & spec.type=service"]),
        (["kind=component", "kind=api"], ["kind=component", "kind=api"]),
        (["kind=a, kind=b ,metadata.annotations.a.b/c"], ["kind=a|b & metadata.annotations.a.b/c"]),
        (["a=b=c"], ["a=b=c"]), (["a="], ["a="]), (["kind,kind=a"], ["kind=a"]), ([""], []),
        ([","], []),
    ])
    func `commas mean and, one key twice either, and several texts or`(
        texts: [String],
        expected: [String]
    ) throws {
        #expect(Self.shown(try EntityFilter(parsing: texts)) == expected)
    }

    @Test func `a condition without a key is refused`() {
        #expect(throws: EntityFilterFault.noKey("=x")) { try EntityFilter(parsing: ["a,=x"]) }
    }

    @Test func `more conditions than can be looked for are refused`() {
        let many = (0..<51).map { "k\($0)" }.joined(separator: ",")
        #expect(throws: EntityFilterFault.tooMany) { try EntityFilter(parsing: [many]) }
    }

    @Test func `one more condition holds in every set`() throws {
        let filter = try EntityFilter(parsing: ["a=1", "b=2"]).and(.init("kind", is: ["API"]))
        #expect(Self.shown(filter) == ["a=1 & kind=api", "b=2 & kind=api"])
        #expect(Self.shown(EntityFilter().and(.init("x"))) == ["x"])
    }
}
