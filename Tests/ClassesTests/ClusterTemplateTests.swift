import JSON
import Testing

@testable import Classes

struct ClusterTemplateTests {
    private func template(_ text: String) throws(ClassFault) -> ClusterTemplate {
        try ClusterTemplate(parsing: Array(text.utf8))
    }

    private func expanded(
        _ text: String,
        _ values: [String: String] = [:]
    ) throws(ClassFault) -> String {
        String(decoding: try template(text).expanded(with: values), as: UTF8.self)
    }

    @Test func `variables are listed once, with defaults, lines and whether they are needed`()
        throws
    {
        let text = "a: ${A}\nb: ${B:=x}${B:-y}\nc: ${A}${C:=${D}}\nd: ${E} ${E:-1}\n# $${F} ${#G}\n"
        #expect(
            try template(text).variables == [
                TemplateVariable(name: "A", defaults: [], lines: [1, 3], isRequired: true),
                TemplateVariable(name: "B", defaults: ["x", "y"], lines: [2], isRequired: false),
                TemplateVariable(name: "C", defaults: ["${D}"], lines: [3], isRequired: false),
                TemplateVariable(name: "D", defaults: [], lines: [3], isRequired: false),
                TemplateVariable(name: "E", defaults: ["1"], lines: [4], isRequired: false),
                TemplateVariable(name: "G", defaults: [], lines: [5], isRequired: true),
            ]
        )
    }

    @Test(arguments: [
        ("${V}", "1.34.2+k3s1"), ("$${V} $${V//+/_} $${V[@]}", "${V} ${V//+/_} ${V[@]}"),
        ("${W:=${N}-x}", "acme-x"), ("${W:-${N}}", "acme"), ("${W=1}", "1"), ("${W:-}", ""),
        ("${V/+/_}", "1.34.2_k3s1"), ("${V//./\\.}", "1\\.34\\.2+k3s1"), ("${V%.*}", "1.34"),
        ("${X#v}", "1.2"), ("${N:0:2}", "ac"), ("${#N}", "4"), ("${N^^}", "ACME"),
        ("${N^}", "Acme"), ("${X,,}", "v1.2"), ("${V##*.}", "2+k3s1"), ("${V%%.*}", "1"),
        ("${W:=a}${W}", "aa"), ("$HOME {{ x }} ${{ y }}", "$HOME {{ x }} ${{ y }}"),
    ])
    func `every form of clusterctl is filled in`(_ text: String, _ result: String) throws {
        let values = ["V": "1.34.2+k3s1", "N": "acme", "X": "v1.2"]
        #expect(try expanded(text, values) == result)
    }

    @Test func `missing values are told at once, each once, with the line`() throws {
        let text = "a: ${A}\nb: ${B} ${A}\nc: ${C:-${D}}\ne: ${E:-x}\n"
        do {
            _ = try expanded(text, ["C": "c"])
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.findings.map(\.variable) == ["A", "B"])
            #expect(error.findings.map(\.line) == [1, 2])
            #expect(error.findings.allSatisfy { $0.code == .missingValue })
        }
        #expect(throws: ClassFault.self) { try expanded(text, ["A": "", "B": ""]) }
    }

    @Test func `what is no expression or no YAML is told with its line`() throws {
        #expect(throws: ClassFault.self) { try template("a: 1\nb: ${A\n") }
        do {
            _ = try template("a: ${A}\nb: [\n").manifests(with: ["A": "1"])
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.findings.first?.code == .badTemplate)
            #expect(error.findings.first?.line == 3)
        }
    }
}
