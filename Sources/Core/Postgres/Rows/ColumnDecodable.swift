/// A type that a column can be read as.
package protocol ColumnDecodable {
    /// Reads a value in PostgreSQL's binary form.
    ///
    /// - Throws: `CellFault` when the value has another type or is NULL.
    init(decoding cell: Cell) throws(CellFault)
    /// Reads an array of these.
    static func decode(array cell: Cell) throws(CellFault) -> [Self]
}

extension ColumnDecodable {
    /// Reads a one-dimensional array without NULLs.
    package static func decode(array cell: Cell) throws(CellFault) -> [Self] {
        var elements: [Self] = []
        try cell.eachElement { (element) throws(CellFault) in
            elements.append(try Self(decoding: element))
        }
        return elements
    }
}

/// A type that is read as another one: ids, names, states.
package protocol ColumnDecodableAs: ColumnDecodable {
    associatedtype Column: ColumnDecodable
    /// Makes the value from what was stored, or nil when the stored value is not one.
    init?(column: Column)
}

extension ColumnDecodableAs {
    /// Reads the type that stands in for this one.
    package init(decoding cell: Cell) throws(CellFault) {
        guard let value = Self(column: try Column(decoding: cell)) else {
            throw .mismatch(wanted: "\(Self.self)", found: cell.type, count: cell.count)
        }
        self = value
    }
}

extension ColumnDecodableAs where Self: RawRepresentable, RawValue == Column {
    package init?(column: Column) {
        self.init(rawValue: column)
    }
}

extension Optional: ColumnDecodable where Wrapped: ColumnDecodable {
    package init(decoding cell: Cell) throws(CellFault) {
        self = cell.isNull ? nil : try Wrapped(decoding: cell)
    }
}

extension Array: ColumnDecodable where Element: ColumnDecodable {
    package init(decoding cell: Cell) throws(CellFault) {
        guard !cell.isNull else { throw cell.fault(wanting: "array") }
        self = try Element.decode(array: cell)
    }
}

/// A byte alone is a `smallint`; an array of bytes is the content of any column.
extension UInt8: ColumnDecodable {
    package init(decoding cell: Cell) throws(CellFault) {
        self = try cell.fixedWidth(as: UInt8.self)
    }

    package static func decode(array cell: Cell) throws(CellFault) -> [UInt8] {
        Array(cell.textBytes)
    }
}

extension Int: ColumnDecodable {
    package init(decoding cell: Cell) throws(CellFault) {
        self = try cell.fixedWidth(as: Int.self)
    }
}

extension Int64: ColumnDecodable {
    package init(decoding cell: Cell) throws(CellFault) {
        self = try cell.fixedWidth(as: Int64.self)
    }
}

extension Int32: ColumnDecodable {
    package init(decoding cell: Cell) throws(CellFault) {
        self = try cell.fixedWidth(as: Int32.self)
    }
}

extension Int16: ColumnDecodable {
    package init(decoding cell: Cell) throws(CellFault) {
        self = try cell.fixedWidth(as: Int16.self)
    }
}

extension Bool: ColumnDecodable {
    package init(decoding cell: Cell) throws(CellFault) {
        guard cell.count == 1, cell.type == .bool else { throw cell.fault(wanting: "boolean") }
        self = cell.integer(at: 0, as: UInt8.self) != 0
    }
}

extension Double: ColumnDecodable {
    package init(decoding cell: Cell) throws(CellFault) {
        switch (cell.type, cell.count) {
        case (.float8, 8): self.init(bitPattern: cell.integer(at: 0, as: UInt64.self))
        case (.float4, 4): self.init(Float(bitPattern: cell.integer(at: 0, as: UInt32.self)))
        default: throw cell.fault(wanting: "double precision")
        }
    }
}

/// Text of every type whose binary form is its text: `text`, `varchar`, `name`, `json`, `jsonb`,
/// enums. Other types want a cast in the query (`::text`).
extension String: ColumnDecodable {
    /// Types whose binary form is not text, so that an `int4` is not read as four characters.
    private static let notText: [PostgresType] = [
        .bool, .bytea, .int2, .int4, .int8, .float4, .float8, .uuid, .timestamptz,
    ]

    package init(decoding cell: Cell) throws(CellFault) {
        guard !cell.isNull, !Self.notText.contains(cell.type) else {
            throw cell.fault(wanting: "text")
        }
        guard let text = String(validating: cell.textBytes, as: UTF8.self) else { throw .notUTF8 }
        self = text
    }
}

extension Cell {
    /// An integer column of any width, if its value fits.
    fileprivate func fixedWidth<Value: FixedWidthInteger>(
        as type: Value.Type
    ) throws(CellFault) -> Value {
        let value: Value? =
            switch (self.type, count) {
            case (.int8, 8): Value(exactly: integer(at: 0, as: Int64.self))
            case (.int4, 4): Value(exactly: integer(at: 0, as: Int32.self))
            case (.int2, 2): Value(exactly: integer(at: 0, as: Int16.self))
            default: nil
            }
        guard let value else { throw fault(wanting: "integer") }
        return value
    }

    /// Calls `body` with each element of a one-dimensional array: four bytes of dimensions, flags,
    /// element type, then count and first index, then each element behind its length.
    fileprivate func eachElement(_ body: (Cell) throws(CellFault) -> Void) throws(CellFault) {
        guard count >= 12 else { throw fault(wanting: "array") }
        let dimensions = integer(at: 0, as: Int32.self)
        guard dimensions > 0 else { return }
        guard dimensions == 1, count >= 20 else { throw fault(wanting: "array") }
        let element = PostgresType(rawValue: integer(at: 8, as: UInt32.self))
        var offset = 20
        for _ in 0..<integer(at: 12, as: Int32.self) {
            guard offset + 4 <= count else { throw fault(wanting: "array") }
            let length = Int(integer(at: offset, as: Int32.self))
            offset += 4
            guard offset + max(0, length) <= count else { throw fault(wanting: "array") }
            try body(
                Cell(
                    base: bytes.baseAddress?.advanced(by: offset),
                    count: max(0, length),
                    isNull: length < 0,
                    type: element
                )
            )
            offset += max(0, length)
        }
    }
}
