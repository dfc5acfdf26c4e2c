import TestSupport
import Testing

@testable import JSON

struct ParserFuzzTests {
    @Test(arguments: 1...8)
    func `a random value comes back from its text`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let value = Self.value(depth: 5, &random)
            #expect(try JSON.parse(value.serialized()) == value)
            #expect(try JSON.parse(value.canonical()) == value)
        }
    }

    @Test(arguments: 1...8)
    func `a damaged text is read or refused, and what is read comes back`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<800 {
            var text = Self.value(depth: 3, &random).serialized()
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.damage(&text, &random) }
            do {
                let value = try JSON.parse(text)
                #expect(try JSON.parse(value.serialized()) == value)
            } catch {
                #expect((0...text.count).contains(error.offset))
            }
        }
    }

    @Test(arguments: 1...4)
    func `random schemas are refused or applied without a crash`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1_000 {
            let source = Self.schema(depth: 3, &random)
            let instance = Self.value(depth: 3, &random)
            do {
                let schema = try JSONSchema(parsing: source, formats: .assertion)
                let filled = schema.fillingDefaults(in: instance)
                #expect(schema.fillingDefaults(in: filled) == filled)
                for violation in schema.validate(filled) { #expect(!violation.message.isEmpty) }
            } catch {
                #expect(!error.reason.isEmpty)
            }
        }
    }

    private static func damage(_ text: inout [UInt8], _ random: inout SeededGenerator) {
        guard !text.isEmpty else { return }
        let place = Int.random(in: text.indices, using: &random)
        let bytes = Array("{}[],:\"\\0-+.eEtfnu \u{0}é".utf8) + [0xFF, 0xC0, 0xED]
        switch Int.random(in: 0..<5, using: &random) {
        case 0: text.remove(at: place)
        case 1: text[place] = bytes.randomElement(using: &random) ?? 0
        case 2: text.insert(bytes.randomElement(using: &random) ?? 0, at: place)
        case 3: text.removeSubrange(place...)
        default: text.insert(contentsOf: text[place...].prefix(20), at: place)
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        let alphabet = Array("ab\"\\/\n\u{0}\u{1F}é\u{301}😀\u{2028}\u{FEFF}".unicodeScalars)
        var text = ""
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            text.unicodeScalars.append(alphabet.randomElement(using: &random) ?? "a")
        }
        return text
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 3:
            let bits = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
            return JSONNumber(bits).map(JSON.number) ?? .null
        case 4: return .string(text(&random))
        case 5:
            return .array(
                (0..<Int.random(in: 0...5, using: &random)).map { _ in
                    value(depth: depth - 1, &random)
                }
            )
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                object[text(&random)] = value(depth: depth - 1, &random)
            }
            return .object(object)
        }
    }

    private static func schema(depth: Int, _ random: inout SeededGenerator) -> JSON {
        let keywords = [
            "type", "enum", "const", "minimum", "multipleOf", "minLength", "pattern", "format",
            "required", "properties", "additionalProperties", "items", "contains", "uniqueItems",
            "allOf", "anyOf", "oneOf", "not", "if", "then", "$ref", "default",
            "unevaluatedProperties", "unevaluatedItems", "dependentSchemas", "prefixItems",
        ]
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let keyword = keywords.randomElement(using: &random) ?? "type"
            object[keyword] = argument(of: keyword, depth: depth, &random)
        }
        return .object(object)
    }

    private static func argument(
        of keyword: String,
        depth: Int,
        _ random: inout SeededGenerator
    ) -> JSON {
        guard depth > 0, Int.random(in: 0..<20, using: &random) > 0 else {
            return value(depth: 1, &random)
        }
        switch keyword {
        case "type": return .string(SchemaTypes.names.randomElement(using: &random) ?? "null")
        case "enum": return [value(depth: 1, &random), value(depth: 1, &random)]
        case "minimum", "multipleOf", "minLength": return 3
        case "pattern": return "^(a|b)*$"
        case "format": return .string(["date", "ipv6", "uri"].randomElement(using: &random) ?? "")
        case "required": return ["a", "b"]
        case "uniqueItems": return true
        case "$ref": return "#"
        case "properties", "dependentSchemas":
            return ["a": schema(depth: depth - 1, &random), "é": schema(depth: depth - 1, &random)]
        case "allOf", "anyOf", "oneOf", "prefixItems":
            return [schema(depth: depth - 1, &random), schema(depth: depth - 1, &random)]
        case "const", "default": return value(depth: 1, &random)
        default: return schema(depth: depth - 1, &random)
        }
    }
}
