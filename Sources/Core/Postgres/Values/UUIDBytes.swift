/// A `uuid` as two words.
package struct UUIDBytes: Hashable, Sendable, Bindable, ColumnDecodable {
    /// The first eight bytes, most significant first.
    package var high: UInt64
    /// The last eight bytes.
    package var low: UInt64

    /// The UUID of these two words.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The type of the parameter.
    package static var postgresType: PostgresType { .uuid }
    /// The type of an array of these.
    package static var postgresArrayType: PostgresType { .uuidArray }

    /// Writes the binary form.
    package func bind(to writer: inout ParameterWriter) {
        writer.write(integer: high)
        writer.write(integer: low)
    }

    /// Reads the binary form.
    package init(decoding cell: Cell) throws(CellFault) {
        guard cell.count == 16 else { throw cell.fault(wanting: "uuid") }
        high = cell.integer(at: 0, as: UInt64.self)
        low = cell.integer(at: 8, as: UInt64.self)
    }
}
