import TestSupport
import Testing

@testable import JSON

/// The groups of JSON-Schema-Test-Suite for draft 2020-12 that stay within what is supported.
enum SchemaSuite {
    struct Group: Sendable, CustomTestStringConvertible {
        let file: String
        let description: String
        let schema: JSON
        let tests: [JSON]

        var testDescription: String { "\(file): \(description)" }
        var formats: JSONSchema.FormatRule {
            file.hasPrefix("optional/format/") ? .assertion : .annotation
        }
    }

    /// Files that are out, each with the reason.
    static let outFiles = [
        "dynamicRef.json": "$dynamicRef is refused",
        "refRemote.json": "references to other documents are refused",
        "vocabulary.json": "metaschemas of one's own are other documents",
        "optional/dynamicRef.json": "$dynamicRef is refused",
        "optional/cross-draft.json": "other drafts are refused",
        "optional/no-schema.json": "the draft is always 2020-12",
        "optional/id.json": "$id below the root is refused",
        "optional/dependencies-compatibility.json": "the keyword of an older draft is unknown",
        "optional/format-assertion.json": "metaschemas of one's own are other documents",
        "optional/format/duration.json": "the format is not checked",
        "optional/format/ecmascript-regex.json": "look-around is refused",
        "optional/format/idn-email.json": "the format is not checked",
        "optional/format/idn-hostname.json": "the format is not checked",
        "optional/format/iri.json": "the format is not checked",
        "optional/format/iri-reference.json": "the format is not checked",
        "optional/format/relative-json-pointer.json": "the format is not checked",
        "optional/format/uri-reference.json": "the format is not checked",
        "optional/format/uri-template.json": "the format is not checked",
    ]

    /// Groups that are out of the other files, because they give subschemas an `$id`, which is
    /// refused: references then lead to another document within this one.
    private static let outForIdentifiers: Set<String> = [
        "anchor.json: Location-independent identifier with absolute URI",
        "anchor.json: Location-independent identifier with base URI change in subschema",
        "anchor.json: same $anchor with different base uri",
        "optional/unknownKeyword.json: $id inside an unknown keyword is not a real identifier",
        "ref.json: $id must be resolved against nearest parent, not just immediate parent",
        "ref.json: Recursive references between schemas",
        "ref.json: URN ref with nested pointer ref",
        "ref.json: order of evaluation: $id and $anchor and $ref",
        "ref.json: order of evaluation: $id and $ref",
        "ref.json: order of evaluation: $id and $ref on nested schema",
        "ref.json: ref to else",
        "ref.json: ref to if",
        "ref.json: ref to then",
        "ref.json: ref with absolute-path-reference",
        "ref.json: refs with relative uris and defs",
        "ref.json: relative refs with absolute uris and defs",
    ]

    /// Groups that are out for another reason.
    private static let outForOthers = [
        "defs.json: validate definition against metaschema":
            "references to other documents are refused",
        "ref.json: remote ref, containing refs itself": "references to other documents are refused",
        "unevaluatedItems.json: unevaluatedItems with $dynamicRef": "$dynamicRef is refused",
        "unevaluatedProperties.json: unevaluatedProperties with $dynamicRef":
            "$dynamicRef is refused",
        "optional/format/hostname.json: validation of A-label (punycode) host names":
            "labels are checked as ASCII and not decoded",
    ]

    static let outGroups = outForIdentifiers.union(outForOthers.keys)

    static let groups: [Group] = {
        guard let bytes = SharedData.bytes("json_schema_draft2020-12.json") else { return [] }
        do {
            let files = try JSON.parse(bytes, limits: .document)["files"]?.array ?? []
            return files.flatMap(groups)
        } catch {
            Issue.record(error, "the suite cannot be read")
            return []
        }
    }()

    private static func groups(of file: JSON) -> [Group] {
        let name = (file["file"]?.string ?? "").replacing("tests/draft2020-12/", with: "")
        return (file["groups"]?.array ?? []).map { group in
            Group(
                file: name,
                description: group["description"]?.string ?? "",
                schema: group["schema"] ?? .null,
                tests: group["tests"]?.array ?? []
            )
        }
    }

    static let supported = groups.filter {
        outFiles[$0.file] == nil && !outGroups.contains($0.testDescription)
    }

    static let out = groups.filter {
        outFiles[$0.file] != nil || outGroups.contains($0.testDescription)
    }
}

@Suite(.enabled(if: !SchemaSuite.groups.isEmpty, "no ../shared/data/json_schema_draft2020-12.json"))
struct SchemaSuiteTests {
    @Test(arguments: SchemaSuite.supported)
    func `a group of the suite holds`(_ group: SchemaSuite.Group) throws {
        let schema = try JSONSchema(parsing: group.schema, formats: group.formats)
        for test in group.tests {
            let description = test["description"]?.string ?? ""
            let name = "\(group.testDescription): \(description)"
            let data = try #require(test["data"])
            let found = schema.validate(data)
            #expect(found.isEmpty == test["valid"]?.bool, "\(name): \(found) in \(data)")
        }
    }

    @Test func `what is out is in the suite, so that no line here is stale`() {
        let files = Set(SchemaSuite.groups.map(\.file))
        let groups = Set(SchemaSuite.groups.map(\.testDescription))
        #expect(SchemaSuite.outFiles.keys.filter { !files.contains($0) } == [])
        #expect(SchemaSuite.outGroups.filter { !groups.contains($0) } == [])
    }

    @Test func `most of the required suite is run`() {
        let required = SchemaSuite.supported.filter { !$0.file.hasPrefix("optional/") }
        #expect(required.reduce(0) { $0 + $1.tests.count } > 1_000)
    }

    @Test(arguments: SchemaSuite.out)
    func `what is out is refused or checked without a crash`(_ group: SchemaSuite.Group) {
        do {
            let schema = try JSONSchema(parsing: group.schema, formats: .assertion)
            for test in group.tests { _ = schema.validate(test["data"] ?? .null) }
        } catch {
            #expect(!error.reason.isEmpty)
        }
    }
}
