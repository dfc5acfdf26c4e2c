internal import CPostgres

/// What a statement answered: its rows, or how many rows it changed.
package struct Rows: Sendable {
    let result: QueryResult

    init(_ result: QueryResult) {
        self.result = result
    }

    /// How many rows there are.
    package var count: Int { result.rowCount }
    /// Whether there is none.
    package var isEmpty: Bool { count == 0 }
    /// The first row, if there is one.
    package var first: Row? { isEmpty ? nil : self[0] }
    /// How many rows INSERT, UPDATE, DELETE or MERGE touched (for SELECT: how many there are).
    package var affected: Int { result.affected }

    /// The row at `index`, from 0.
    package subscript(index: Int) -> Row {
        precondition(index >= 0 && index < count, "row \(index) of \(count)")
        return Row(result: result, index: index)
    }
}

extension Rows: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }
}

/// One row of a result; it keeps the whole result alive.
package struct Row: Sendable {
    private let result: QueryResult
    private let index: Int
    private var nextColumn = 0

    init(result: QueryResult, index: Int) {
        self.result = result
        self.index = index
    }

    /// How many columns there are.
    package var columnCount: Int { result.columnCount }

    /// The value of the column at `column`, from 0.
    ///
    /// - Throws: `DatabaseFault.decoding` when it has another type or is NULL.
    package func decode<Value: ColumnDecodable>(
        _ column: Int,
        as type: Value.Type = Value.self
    ) throws(DatabaseFault) -> Value {
        guard column >= 0, column < columnCount else {
            throw .decoding(column: column, reason: "there are only \(columnCount) columns")
        }
        do throws(CellFault) {
            return try Value(decoding: result.cell(row: index, column: column))
        } catch {
            throw .decoding(column: column, reason: error.description)
        }
    }

    /// The value of the next column: the first call reads column 0.
    ///
    /// - Throws: `DatabaseFault.decoding` when it has another type or is NULL.
    package mutating func next<Value: ColumnDecodable>(
        _ type: Value.Type = Value.self
    ) throws(DatabaseFault) -> Value {
        defer { nextColumn += 1 }
        return try decode(nextColumn, as: type)
    }
}

/// The one owner of a libpq result.
// Safety: a PGresult does not change after libpq has handed it over, and only deinit frees it.
final class QueryResult: @unchecked Sendable {
    private let pointer: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    /// Takes over `pointer`, which nobody else may clear.
    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
        rowCount = Int(PQntuples(pointer))
        columnCount = Int(PQnfields(pointer))
    }

    deinit {
        PQclear(pointer)
    }

    var affected: Int {
        Int(String(cString: PQcmdTuples(pointer))) ?? 0
    }

    /// What PostgreSQL says it did: `INSERT 0 1`, `COMMIT`, ….
    var commandTag: String {
        String(cString: PQcmdStatus(pointer))
    }

    func cell(row: Int, column: Int) -> Cell {
        let (row, column) = (Int32(row), Int32(column))
        return Cell(
            base: UnsafeRawPointer(PQgetvalue(pointer, row, column)),
            count: Int(PQgetlength(pointer, row, column)),
            isNull: PQgetisnull(pointer, row, column) != 0,
            type: PostgresType(rawValue: PQftype(pointer, column))
        )
    }
}
