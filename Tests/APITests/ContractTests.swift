import Domain
import HTTP
import JSON
import Testing

@testable import API

/// The description and the table of operations say the same, both ways.
@Suite struct ContractTests {
    @Test func `every described operation has a route and every route is described`() {
        let described = Set(
            Description.operations.map { "\($0.id) \($0.method.uppercased()) \($0.path)" }
        )
        let routed = Set(
            Operations.all.map(\.endpoint).map { "\($0.operation) \($0.method.name) \($0.path)" }
        )
        #expect(described.subtracting(routed).sorted() == [])
        #expect(routed.subtracting(described).sorted() == [])
        #expect(Description.operations.count == Operations.all.count)
    }

    @Test func `an operation takes exactly the described parameters`() {
        for endpoint in Operations.all.map(\.endpoint) {
            guard let described = Description.operation(endpoint.operation) else { continue }
            #expect(Set(endpoint.query) == described.names(in: "query"), "\(endpoint.operation)")
            var fields: Set<String> = []
            if endpoint.conventions.contains(.changes) { fields.insert("Idempotency-Key") }
            if endpoint.conventions.contains(.waits) { fields.insert("Prefer") }
            let conventional: Set = ["Idempotency-Key", "Prefer"]
            #expect(
                described.names(in: "header").intersection(conventional) == fields,
                "\(endpoint.operation)"
            )
            if endpoint.conventions.contains(.conditional) {
                #expect(described.names(in: "header").contains("If-Match"))
            }
        }
    }

    @Test func `the described roles are those that may call`() {
        for endpoint in Operations.all.map(\.endpoint) {
            guard let described = Description.operation(endpoint.operation) else { continue }
            let roles = (described.operation["x-roles"]?.array ?? []).compactMap(\.string)
            let admitted =
                endpoint.needsToken
                ? Role.allCases.filter { endpoint.admits($0) }.map(\.rawValue) : ["anonymous"]
            #expect(Set(roles) == Set(admitted), "\(endpoint.operation)")
            let isOpen = described.operation["security"]?.array?.isEmpty ?? false
            #expect(isOpen == !endpoint.needsToken, "\(endpoint.operation)")
        }
    }

    @Test func `every body is described in the formats that are taken`() {
        for endpoint in Operations.all.map(\.endpoint) {
            guard let described = Description.operation(endpoint.operation) else { continue }
            let content = described.operation["requestBody"]?["content"]?.object
            let types = Set(content.map { Array($0.keys) } ?? [])
            let expected: Set<String> =
                switch endpoint.body {
                case .none: []
                case .json: ["application/json"]
                case .mergePatch: ["application/json", "application/merge-patch+json"]
                case .form: ["application/x-www-form-urlencoded"]
                case .raw(let types, _): Set(types)
                case .stream(let type): [type]
                }
            #expect(types == expected, "\(endpoint.operation)")
        }
    }

    @Test func `every problem code is described and has its page`() {
        let schema = Description.document["components"]?["schemas"]?["ProblemCode"]
        let codes = (schema?["enum"]?.array ?? []).compactMap(\.string)
        #expect(Set(codes) == Set(ProblemKind.all.map(\.code)))
        #expect(Set(ProblemKind.all.map(\.code)).count == ProblemKind.all.count)
        for kind in ProblemKind.all {
            #expect(kind.status.code >= 400)
            #expect(kind.meaning.hasSuffix("."))
        }
    }

    @Test func `documented problems are rows of the table`() {
        let answers = Description.document["components"]?["responses"]?.object
        for answer in answers.map({ Array($0) }) ?? [] {
            let content = answer.value["content"]?["application/problem+json"]
            let several = content?["examples"]?.object.map { Array($0) } ?? []
            let examples = several.map { $0.value["value"] } + [content?["example"]]
            for example in examples.compactMap(\.self) {
                let kind = example["code"]?.string.flatMap(ProblemKind.named)
                #expect(kind != nil, "\(answer.key)")
                #expect(example["status"]?.int == kind?.status.code, "\(answer.key)")
                #expect(example["title"]?.string == kind?.title, "\(answer.key)")
                #expect(example["type"]?.string == kind?.path, "\(answer.key)")
            }
        }
    }

    @Test(arguments: Description.operations)
    func `documented examples fit their schemas`(described: Description.Described) throws {
        for (name, type, value) in described.examples {
            let schema = described.operation["requestBody"]?["content"]?[type]?["schema"]
            let violations = try Description.violations(value, schema ?? .bool(false))
            #expect(violations == [], "\(name)")
        }
    }

    @Test(arguments: Description.operations)
    func `every described schema is one`(described: Description.Described) throws {
        for (status, answer) in described.operation["responses"]?.object.map({ Array($0) })?
            .map({ ($0.key, Description.resolve($0.value)) }) ?? []
        {
            for content in answer["content"]?.object.map({ Array($0) }) ?? [] {
                guard let schema = content.value["schema"] else { continue }
                #expect(throws: Never.self, "\(status)") {
                    try JSONSchema(parsing: Description.expanded(schema))
                }
            }
        }
    }
}
