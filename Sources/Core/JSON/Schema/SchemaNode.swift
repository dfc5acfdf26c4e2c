/// One schema or subschema, ready to be applied.
///
/// Other schemas are named by their place in `JSONSchema`'s list, so that a recursive schema is a
/// finite thing.
struct SchemaNode: Sendable {
    typealias ID = Int

    /// The schema `false`, which allows nothing.
    var isNever = false
    var types: SchemaTypes?
    var enumeration: [JSON]?
    var constant: JSON?
    var numbers: NumberRules?
    var texts: TextRules?
    var objects: ObjectRules?
    var arrays: ArrayRules?
    var composition: Composition?
    /// What stands in for an absent member.
    var defaultValue: JSON?

    struct NumberRules: Sendable {
        var minimum: JSONNumber?
        var maximum: JSONNumber?
        var exclusiveMinimum: JSONNumber?
        var exclusiveMaximum: JSONNumber?
        var multipleOf: JSONNumber?
    }

    struct TextRules: Sendable {
        var lengthMin: Int?
        var lengthMax: Int?
        var pattern: TextPattern?
        var format: SchemaFormat?
    }

    struct ObjectRules: Sendable {
        var required: [String] = []
        var properties: [(name: String, id: ID)] = []
        var propertyPlaces: [ByteKey: Int] = [:]
        var patterns: [(pattern: TextPattern, id: ID)] = []
        var additional: ID?
        var names: ID?
        var countMin: Int?
        var countMax: Int?
        var dependentRequired: [(name: String, required: [String])] = []
        var dependentSchemas: [(name: String, id: ID)] = []
        var unevaluated: ID?
    }

    struct ArrayRules: Sendable {
        var prefix: [ID] = []
        var items: ID?
        var contains: ID?
        var containsMin = 1
        var containsMax: Int?
        var countMin: Int?
        var countMax: Int?
        var isUnique = false
        var unevaluated: ID?
    }

    struct Composition: Sendable {
        var reference: ID?
        var allOf: [ID] = []
        var anyOf: [ID] = []
        var oneOf: [ID] = []
        var not: ID?
        var condition: ID?
        var consequence: ID?
        var alternative: ID?
    }

    /// The schemas that apply to the same value as this one, whatever the value is.
    var inPlace: [ID] {
        var all = objects?.dependentSchemas.map(\.id) ?? []
        guard let composition else { return all }
        all += composition.allOf + composition.anyOf + composition.oneOf
        all += [
            composition.reference, composition.not, composition.condition,
            composition.consequence, composition.alternative,
        ].compactMap { $0 }
        return all
    }
}

/// A set of JSON's kinds; `integer` is part of `number`.
struct SchemaTypes: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = SchemaTypes(rawValue: 1)
    static let boolean = SchemaTypes(rawValue: 2)
    static let integer = SchemaTypes(rawValue: 4)
    static let number = SchemaTypes(rawValue: 8)
    static let string = SchemaTypes(rawValue: 16)
    static let array = SchemaTypes(rawValue: 32)
    static let object = SchemaTypes(rawValue: 64)

    private static let named: [(name: String, words: String, type: SchemaTypes)] = [
        ("null", "null", .null), ("boolean", "a boolean", .boolean),
        ("integer", "a whole number", .integer), ("number", "a number", .number),
        ("string", "a string", .string), ("array", "an array", .array),
        ("object", "an object", .object),
    ]

    static let names = named.map(\.name)

    /// The type of this name in a schema.
    init?(name: String) {
        guard let entry = Self.named.first(where: { $0.name == name }) else { return nil }
        self = entry.type
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    func allow(_ value: JSON) -> Bool {
        switch value {
        case .null: contains(.null)
        case .bool: contains(.boolean)
        case .number(let number):
            contains(.number) || (contains(.integer) && number.isWhole)
        case .string: contains(.string)
        case .array: contains(.array)
        case .object: contains(.object)
        }
    }

    /// "a string or null".
    var inWords: String {
        Self.named.filter { contains($0.type) }.map(\.words).joined(separator: " or ")
    }
}
