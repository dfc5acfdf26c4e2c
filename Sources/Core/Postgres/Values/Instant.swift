/// A `timestamptz`: microseconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Comparable, Sendable, Bindable, ColumnDecodable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package var microseconds: Int64

    /// The moment so many microseconds after 1970.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Whether `left` is the earlier one.
    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// PostgreSQL counts from 2000-01-01, 10,957 days after 1970-01-01.
    private static let epochOffset: Int64 = 10_957 * 86_400 * 1_000_000

    /// The type of the parameter.
    package static var postgresType: PostgresType { .timestamptz }
    /// The type of an array of these.
    package static var postgresArrayType: PostgresType { .timestamptzArray }

    /// Writes the binary form.
    package func bind(to writer: inout ParameterWriter) {
        writer.write(integer: microseconds - Self.epochOffset)
    }

    /// Reads the binary form.
    package init(decoding cell: Cell) throws(CellFault) {
        guard cell.count == 8 else { throw cell.fault(wanting: "timestamptz") }
        let sincePostgresEpoch = cell.integer(at: 0, as: Int64.self)
        let (sum, overflow) = sincePostgresEpoch.addingReportingOverflow(Self.epochOffset)
        // 'infinity' is the largest value; it stays the largest.
        microseconds = overflow ? .max : sum
    }
}
