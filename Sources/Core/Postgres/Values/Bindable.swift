/// A value that can stand in an interpolated `SQL` literal.
///
/// Strings are sent in text form with the type left to PostgreSQL, so that they fit `text`,
/// `jsonb`, enum and `inet` columns alike; where nothing around them tells the type
/// (`\(name) IS NULL`, `jsonb_build_object('a', \(name))`) write `\(name)::text`.
/// Everything else is binary with its type declared; `Int` is `bigint`.
package protocol Bindable: Sendable {
    /// The declared type of the parameter.
    static var postgresType: PostgresType { get }
    /// The type of an array of these.
    static var postgresArrayType: PostgresType { get }
    /// The type of one element inside a binary array (arrays must say it).
    static var postgresElementType: PostgresType { get }
    /// Whether `bind` writes PostgreSQL's binary form.
    static var isBinary: Bool { get }
    /// Writes the value, or says that it is NULL.
    func bind(to writer: inout ParameterWriter)
    /// Writes an array of these.
    static func bind(array: [Self], to writer: inout ParameterWriter)
}

extension Bindable {
    /// Binary, unless the type says otherwise.
    package static var isBinary: Bool { true }
    /// The same as the type of the parameter.
    package static var postgresElementType: PostgresType { postgresType }

    /// Writes the binary form of a one-dimensional array.
    package static func bind(array: [Self], to writer: inout ParameterWriter) {
        writer.write(integer: Int32(array.isEmpty ? 0 : 1))  // dimensions
        writer.write(integer: Int32(1))  // may hold NULLs
        writer.write(integer: postgresElementType.rawValue)
        guard !array.isEmpty else { return }
        writer.write(integer: Int32(array.count))
        writer.write(integer: Int32(1))  // first index
        for element in array { writer.writeElement(element) }
    }
}

/// A type that is bound as another one: ids, names, states.
package protocol BindableAs: Bindable {
    associatedtype Bound: Bindable
    /// What is sent in its place.
    var bound: Bound { get }
}

extension BindableAs {
    /// As the type that is sent.
    package static var postgresType: PostgresType { Bound.postgresType }
    /// As the type that is sent.
    package static var postgresArrayType: PostgresType { Bound.postgresArrayType }
    /// As the type that is sent.
    package static var postgresElementType: PostgresType { Bound.postgresElementType }
    /// As the type that is sent.
    package static var isBinary: Bool { Bound.isBinary }
    /// Sends the value in its place.
    package func bind(to writer: inout ParameterWriter) { bound.bind(to: &writer) }
}

extension BindableAs where Self: RawRepresentable, RawValue == Bound {
    /// The raw value.
    package var bound: Bound { rawValue }
}

extension Optional: Bindable where Wrapped: Bindable {
    package static var postgresType: PostgresType { Wrapped.postgresType }
    package static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
    package static var postgresElementType: PostgresType { Wrapped.postgresElementType }
    package static var isBinary: Bool { Wrapped.isBinary }

    package func bind(to writer: inout ParameterWriter) {
        switch self {
        case .none: writer.writeNull()
        case .some(let value): value.bind(to: &writer)
        }
    }
}

extension Array: Bindable where Element: Bindable {
    package static var postgresType: PostgresType { Element.postgresArrayType }
    /// Arrays of arrays are not supported, except `[[UInt8]]`, which is `bytea[]`.
    package static var postgresArrayType: PostgresType {
        postgresType == .bytea ? .byteaArray : .inferred
    }

    package func bind(to writer: inout ParameterWriter) {
        Element.bind(array: self, to: &writer)
    }
}

/// A byte alone is a `smallint`; an array of bytes is a `bytea`.
extension UInt8: Bindable {
    package static var postgresType: PostgresType { .int2 }
    package static var postgresArrayType: PostgresType { .bytea }
    package func bind(to writer: inout ParameterWriter) { writer.write(integer: Int16(self)) }
    package static func bind(array: [UInt8], to writer: inout ParameterWriter) {
        writer.write(array)
    }
}

extension Int: Bindable {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }
    package func bind(to writer: inout ParameterWriter) { writer.write(integer: Int64(self)) }
}

extension Int64: Bindable {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }
    package func bind(to writer: inout ParameterWriter) { writer.write(integer: self) }
}

extension Int32: Bindable {
    package static var postgresType: PostgresType { .int4 }
    package static var postgresArrayType: PostgresType { .int4Array }
    package func bind(to writer: inout ParameterWriter) { writer.write(integer: self) }
}

extension Int16: Bindable {
    package static var postgresType: PostgresType { .int2 }
    package static var postgresArrayType: PostgresType { .int2Array }
    package func bind(to writer: inout ParameterWriter) { writer.write(integer: self) }
}

extension Bool: Bindable {
    package static var postgresType: PostgresType { .bool }
    package static var postgresArrayType: PostgresType { .boolArray }
    package func bind(to writer: inout ParameterWriter) {
        writer.write(integer: UInt8(self ? 1 : 0))
    }
}

extension Double: Bindable {
    package static var postgresType: PostgresType { .float8 }
    package static var postgresArrayType: PostgresType { .float8Array }
    package func bind(to writer: inout ParameterWriter) { writer.write(integer: bitPattern) }
}

/// Sent as text of an inferred type. PostgreSQL stores no NUL: input is checked before it gets
/// here, and one that slips through is refused by PostgreSQL as invalid (22021), never cut off.
extension String: Bindable {
    package static var postgresType: PostgresType { .inferred }
    package static var postgresArrayType: PostgresType { .textArray }
    package static var postgresElementType: PostgresType { .text }
    package static var isBinary: Bool { false }
    package func bind(to writer: inout ParameterWriter) { writer.write(self) }
}
