import Testing

@testable import Blueprints

/// One expression with what it must become.
struct Case: Sendable, CustomTestStringConvertible {
    let template: String
    let expected: String

    init(_ template: String, _ expected: String) {
        self.template = template
        self.expected = expected
    }

    var testDescription: String { template }
}

@Suite struct SubstitutionTests {
    static let values = [
        "NAME": "acme", "EMPTY": "", "VERSION": "v1.31.4+k3s1", "FILE": "path/to/file.tar.gz",
        "WORDS": "one two one", "MIXED": "aBc", "UMLAUT": "ärger", "N": "3",
        "INJECTION": "${NAME}", "DOLLARS": "$$", "TEXT": "abcABC123ABCabc",
    ]

    private func expand(_ template: String) -> (text: String?, fault: RenderFault) {
        var fault = RenderFault()
        let output = Substitution(values: Self.values)
            .expand(Array(template.utf8), file: "f.yaml", fault: &fault)
        return (output.map { String(decoding: $0, as: UTF8.self) }, fault)
    }

    @Test(arguments: [
        Case("${NAME}", "acme"), Case("a${NAME}b${NAME}c", "aacmebacmec"), Case("", ""),
        Case("${EMPTY}", ""), Case("${NONE:-d}", "d"), Case("${NONE-d}", "d"),
        Case("${NONE:=d}", "d"), Case("${NONE=d}", "d"), Case("${NAME:-d}", "acme"),
        Case("${NAME:=d}", "acme"), Case("${NAME=d}", "acme"), Case("${NAME-d}", "acme"),
        Case("${EMPTY:-d}", "d"), Case("${EMPTY:=d}", "d"), Case("${EMPTY=d}", "d"),
        Case("${EMPTY-d}", ""), Case("${NONE:-}", ""), Case("${NONE:=\"\"}", "\"\""),
        Case("${NONE:=${NAME}-x}", "acme-x"), Case("${NONE:-a${NAME}b${N}c}", "aacmeb3c"),
        Case("${NONE:-${NONE2:-${NAME}}}", "acme"), Case("${NONE:-a/b:c#d%e}", "a/b:c#d%e"),
        Case("${NAME:-${NONE}}", "acme"), Case("${NONE=${MIXED^^}}", "ABC"),
    ])
    func `values and defaults come out`(_ row: Case) {
        #expect(expand(row.template).text == row.expected)
    }

    @Test(arguments: [
        Case("${VERSION:1}", "1.31.4+k3s1"), Case("${VERSION:1:4}", "1.31"),
        Case("${NAME:0:2}", "ac"), Case("${NAME:9}", ""), Case("${NAME:2:9}", "me"),
        Case("${NAME: -2}", "me"), Case("${NAME:0:-1}", "acm"), Case("${NAME:${N}}", "e"),
        Case("${NAME:9223372036854775807:9223372036854775807}", ""),
        Case("${NAME:0:9223372036854775807}", "acme"),
        Case("${NAME: -9223372036854775808}", "acme"), Case("${UMLAUT:0:1}", "ä"),
        Case("${#NAME}", "4"), Case("${#EMPTY}", "0"), Case("${#UMLAUT}", "5"),
    ])
    func `parts and lengths count characters`(_ row: Case) {
        #expect(expand(row.template).text == row.expected)
    }

    @Test(arguments: [
        Case("${VERSION/+/_}", "v1.31.4_k3s1"), Case("${VERSION//./-}", "v1-31-4+k3s1"),
        Case(#"${VERSION//./\\.}"#, #"v1\.31\.4+k3s1"#), Case("${WORDS/one/1}", "1 two one"),
        Case("${WORDS//one/1}", "1 two 1"), Case("${WORDS//one}", " two "),
        Case("${WORDS// /}", "onetwoone"), Case("${WORDS/#one/1}", "1 two one"),
        Case("${WORDS/%one/1}", "one two 1"), Case("${WORDS/#two/2}", "one two one"),
        Case(#"${FILE//\//-}"#, "path-to-file.tar.gz"),
        Case(#"${FILE/\//-}"#, "path-to/file.tar.gz"),
        Case("${WORDS//one/${NAME}}", "acme two acme"), Case("${TEXT/%abc/XYZ}", "abcABC123ABCXYZ"),
        Case("${TEXT//abc/xyz}", "xyzABC123ABCxyz"), Case("${VERSION/*/x}", "v1.31.4+k3s1"),
    ])
    func `replacement takes its pattern literally`(_ row: Case) {
        #expect(expand(row.template).text == row.expected)
    }

    @Test(arguments: [
        Case("${VERSION#v}", "1.31.4+k3s1"), Case("${VERSION%.*}", "v1.31"),
        Case("${VERSION%%.*}", "v1"), Case("${FILE##*/}", "file.tar.gz"),
        Case("${FILE#*/}", "to/file.tar.gz"), Case("${FILE%.*}", "path/to/file.tar"),
        Case("${FILE%%.*}", "path/to/file"), Case("${VERSION#x}", "v1.31.4+k3s1"),
        Case("${NAME#[a-b]}", "cme"), Case("${NAME#[!a]}", "acme"), Case("${NAME%??}", "ac"),
        Case("${NAME#[}", "acme"), Case("${NAME##*}", ""),
        Case(#"${VERSION%\.*}"#, "v1.31"), Case("${VERSION#${MIXED:9}v}", "1.31.4+k3s1"),
        Case("${NAME^}", "Acme"), Case("${NAME^^}", "ACME"), Case("${MIXED,}", "aBc"),
        Case("${MIXED,,}", "abc"), Case("${UMLAUT^}", "Ärger"), Case("${UMLAUT^^}", "ÄRGER"),
    ])
    func `prefixes, suffixes and case follow patterns`(_ row: Case) {
        #expect(expand(row.template).text == row.expected)
    }

    @Test(arguments: [
        Case("$${NAME}", "${NAME}"), Case("$$", "$"), Case("$${VERSION//+/_}", "${VERSION//+/_}"),
        Case("$${V[@]}", "${V[@]}"), Case("$${var=${NAME}}", "${var=acme}"),
        Case("x ${NAME}$${var$${NAME}$NAME${NAME}", "x acme${var${NAME}$NAMEacme"),
        Case("$NAME $1 $( ls ) $", "$NAME $1 $( ls ) $"), Case("$$${NAME}", "$acme"),
        Case("${{ secrets.TOKEN }}", "${{ secrets.TOKEN }}"), Case("${INJECTION}", "${NAME}"),
        Case("${DOLLARS}", "$$"), Case("${NONE:-$${NAME}}", "${NAME}"),
        Case(
            "{{ .Values.x }} {{- range $i, $e := .l }}{{ $e }}{{ end }}",
            "{{ .Values.x }} {{- range $i, $e := .l }}{{ $e }}{{ end }}"
        ),
        Case("\\\\ \\$ \u{FEFF}\r\n\ttab", "\\\\ \\$ \u{FEFF}\r\n\ttab"),
    ])
    func `what is not an expression stays byte for byte`(_ row: Case) {
        #expect(expand(row.template).text == row.expected)
    }

    @Test func `all undefined variables are told at once, with line and column`() {
        let result = expand("a: ${ONE}\nü: ${NAME} ${TWO:0:1}\n\n${THREE^^}${FOUR}")
        #expect(result.text == nil)
        let places = result.fault.findings.map {
            "\($0.variable ?? "") \($0.line ?? 0):\($0.column ?? 0)"
        }
        #expect(places == ["ONE 1:4", "TWO 2:12", "THREE 4:1", "FOUR 4:11"])
        #expect(result.fault.findings.allSatisfy { $0.code == .undefinedVariable })
    }

    @Test func `a near miss names the variable that was meant`() throws {
        let finding = try #require(expand("${NAMME}").fault.findings.first)
        #expect(finding.message.contains("did you mean NAME?"))
        #expect(finding.description.hasPrefix("f.yaml:1:1: the variable NAMME is not defined"))
    }

    @Test(arguments: [
        "${", "${NAME", "${NAME:-", "${NAME:0:", "${NAME/a/", "${}", "${1x}", "${NAME!}",
        "${NAME^x}",
        "${NAME:?x}", "${NAME:+x}", "${NAME?x}", "${NAME+x}", "${NAME:x}", "${#}", "${#NAME:1}",
        "${NAME @}", "${-}", "${NAME:-${NAME}", "${NAME:1:x}",
    ])
    func `a broken expression is a finding, never silence`(_ template: String) {
        let result = expand("x\n  " + template)
        #expect(result.text == nil)
        #expect(result.fault.findings.first?.line == 2)
        #expect(result.fault.findings.first?.column == 3)
    }

    @Test func `a finding does not hide the ones behind it`() {
        let result = expand("${}\n${ONE}\n${NAME:?no}\n${TWO}")
        #expect(result.fault.findings.map(\.line) == [1, 2, 3, 4])
    }

    @Test func `nesting, size, patterns and time are limited`() {
        let deep = String(repeating: "${NONE:-", count: 200) + String(repeating: "}", count: 200)
        #expect(expand(deep).fault.findings.first?.code == .limit)
        var limits = Substitution.Limits()
        limits.outputBytesMax = 100
        var fault = RenderFault()
        let small = Substitution(values: ["A": "0123456789"], limits: limits)
        #expect(
            small.expand(Array(String(repeating: "${A}", count: 11).utf8), file: "f", fault: &fault)
                == nil
        )
        #expect(fault.findings.map(\.code) == [.limit])
        limits.workMax = 1_000
        fault = RenderFault()
        let slow = Substitution(values: ["A": String(repeating: "a", count: 400)], limits: limits)
        #expect(slow.expand(Array("${A##*a*b} ${A##*b}".utf8), file: "f", fault: &fault) == nil)
        #expect(fault.findings.map(\.code) == [.limit])
    }

    @Test func `more findings than are shown are counted`() {
        let result = expand(String(repeating: "${NO}\n", count: 1_000))
        #expect(result.fault.findings.count == RenderFault.findingsMax)
        #expect(result.fault.omitted == 800)
    }
}
