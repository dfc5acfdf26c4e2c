/// The fields that a handler adds to its response.
///
/// The one place where text becomes field lines: a name that is no token or a value with a
/// control character is not taken, so nothing from outside can begin a line of its own. Fields
/// that are the server's own (Date, Connection, Content-Length, Transfer-Encoding) are not taken
/// either.
package struct ResponseHeaders: Sendable {
    struct Field: Sendable {
        let name: HeaderName
        var value: String
    }

    /// Fields that most answers have room for without moving.
    private static let fieldsUsual = 8

    private(set) var fields: [Field] = []

    /// No fields.
    package init() {}

    /// The value of the first field called `name`; setting replaces all of them.
    package subscript(_ name: HeaderName) -> String? {
        get {
            for index in fields.indices where fields[index].name == name {
                return fields[index].value
            }
            return nil
        }
        set {
            fields.removeAll { $0.name == name }
            if let newValue { add(name, newValue) }
        }
    }

    /// Adds a field beside those of the same name.
    package mutating func add(_ name: HeaderName, _ value: String) {
        guard ResponseHeaders.isHandlers(name), ResponseHeaders.isValid(value) else { return }
        if fields.isEmpty { fields.reserveCapacity(ResponseHeaders.fieldsUsual) }
        fields.append(Field(name: name, value: value))
    }

    /// All fields in the order in which they were added.
    package var all: [(name: String, value: String)] {
        fields.map { ($0.name.text, $0.value) }
    }

    private static func isHandlers(_ name: HeaderName) -> Bool {
        switch name.known {
        case .date, .connection, .contentLength, .transferEncoding: false
        case .unknown: !name.custom.isEmpty && isToken(name.custom)
        default: true
        }
    }

    private static func isToken(_ text: String) -> Bool {
        areAll(.token, text)
    }

    private static func isValid(_ value: String) -> Bool {
        areAll(.fieldValue, value)
    }

    private static func areAll(_ allowed: ByteClass, _ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable {
            UnsafeRawBufferPointer($0).areAll(allowed)
        } ?? Array(text.utf8).withUnsafeBytes { $0.areAll(allowed) }
    }
}

extension ResponseHeaders: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (HeaderName, String)...) {
        for (name, value) in elements { add(name, value) }
    }
}
