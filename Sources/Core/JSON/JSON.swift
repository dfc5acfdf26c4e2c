/// One JSON value (RFC 8259), as it was read or is going to be written.
///
/// Equality is that of JSON, not of Swift: objects compare without regard to order, numbers by
/// their exact value (`1` equals `1.0`), strings and keys by their bytes (no normalisation).
package enum JSON: Sendable {
    /// The literal `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, with its text retained.
    case number(JSONNumber)
    /// A text.
    case string(String)
    /// An ordered list.
    case array([JSON])
    /// Named members in the order in which they were written, each name once.
    case object(JSONObject)
}

extension JSON {
    /// The value of an exact integer.
    package static func integer(_ value: some FixedWidthInteger) -> JSON {
        .number(JSONNumber(value))
    }

    /// The text of a string, or nil for any other kind.
    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The value of a boolean, or nil for any other kind.
    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The number, or nil for any other kind.
    package var number: JSONNumber? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The value of a number that is a whole one within 64 bits (`1`, `1.0`, `1e3`), else nil.
    package var int: Int? { number?.int64.map { Int($0) } }

    /// The elements of an array, or nil for any other kind.
    package var array: [JSON]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members of an object, or nil for any other kind.
    package var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// True for `null` alone.
    package var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }

    /// The member `key` of an object; nil when there is none or this is no object.
    package subscript(key: String) -> JSON? { object?[key] }

    /// The element at `index` of an array; nil out of range or when this is no array.
    package subscript(index: Int) -> JSON? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// What a message calls this kind of value: "a string", "an object", "null" and so on.
    package var kindInWords: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }

    package init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements {
            precondition(object.append(key, value), "a literal names the member \(key) twice")
        }
        self = .object(object)
    }
}

extension JSON: Hashable {
    package static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null:
            hasher.combine(0)
        case .bool(let value):
            hasher.combine(value ? 2 : 1)
        case .number(let value):
            hasher.combine(value)
        case .string(let value):
            hasher.combine(ByteKey(value))
        case .array(let value):
            hasher.combine(value)
        case .object(let value):
            hasher.combine(value)
        }
    }
}
