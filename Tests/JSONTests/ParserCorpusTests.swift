import Foundation
import TestSupport
import Testing

@testable import JSON

/// The cases of JSONTestSuite that RFC 8259 decides.
enum ParserCorpus {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let expected: String
        let bytes: [UInt8]

        var testDescription: String { name }
    }

    /// The two cases that the RFC lets a reader refuse, and that this one refuses.
    static let duplicates = [
        "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
    ]

    static let cases: [Case] = {
        guard let bytes = SharedData.bytes("json_parsing.json") else { return [] }
        do {
            return try JSON.parse(bytes)["cases"]?.array?.compactMap(parsed) ?? []
        } catch {
            Issue.record(error, "the corpus cannot be read")
            return []
        }
    }()

    private static func parsed(_ json: JSON) -> Case? {
        guard let name = json["name"]?.string, let expected = json["expected"]?.string,
            let text = json["b64"]?.string, let data = Data(base64Encoded: text)
        else { return nil }
        return Case(name: name, expected: expected, bytes: Array(data))
    }
}

@Suite(.enabled(if: !ParserCorpus.cases.isEmpty, "no ../shared/data/json_parsing.json"))
struct ParserCorpusTests {
    @Test func `the whole corpus is there`() {
        #expect(ParserCorpus.cases.count == 318)
    }

    @Test(arguments: ParserCorpus.cases.filter { $0.expected == "accept" })
    func `what the grammar allows is read`(_ one: ParserCorpus.Case) throws {
        guard !ParserCorpus.duplicates.contains(one.name) else {
            #expect(throws: JSONFault.self) { try JSON.parse(one.bytes) }
            return
        }
        let value = try JSON.parse(one.bytes)
        #expect(try JSON.parse(value.serialized()) == value)
    }

    @Test(arguments: ParserCorpus.cases.filter { $0.expected == "reject" })
    func `what the grammar forbids is refused`(_ one: ParserCorpus.Case) {
        #expect(throws: JSONFault.self) { try JSON.parse(one.bytes) }
    }

    @Test(arguments: ParserCorpus.cases.filter { $0.expected == "either" })
    func `what the grammar leaves open ends in a value or a fault`(_ one: ParserCorpus.Case) {
        do {
            let value = try JSON.parse(one.bytes)
            #expect(try JSON.parse(value.serialized()) == value)
        } catch {
            #expect(error.offset <= one.bytes.count)
        }
    }
}
