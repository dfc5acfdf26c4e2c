/// JSON text bound as `jsonb`, where nothing around the parameter tells PostgreSQL its type.
package struct JSONText: Hashable, Sendable, Bindable, ColumnDecodable {
    /// The text, UTF-8.
    package var bytes: [UInt8]

    /// The JSON text in `bytes`, unchecked: PostgreSQL checks it.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The type of the parameter.
    package static var postgresType: PostgresType { .jsonb }
    /// The type of an array of these.
    package static var postgresArrayType: PostgresType { .jsonbArray }

    /// The binary form of `jsonb` is a version byte, 1, and the text.
    package func bind(to writer: inout ParameterWriter) {
        writer.write(integer: UInt8(1))
        writer.write(bytes)
    }

    /// Reads the binary form.
    package init(decoding cell: Cell) throws(CellFault) {
        bytes = try [UInt8](decoding: cell)
    }
}
