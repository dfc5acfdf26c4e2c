/// One value of a result in PostgreSQL's binary form, lent while it is decoded.
// Safety: points into a result that whoever lends the cell keeps alive.
@safe
package struct Cell {
    private let base: UnsafeRawPointer?
    /// Length in bytes; 0 for NULL.
    package let count: Int
    /// Whether the value is NULL.
    package let isNull: Bool
    /// The type of the column, or of the array's elements.
    package let type: PostgresType

    init(base: UnsafeRawPointer?, count: Int, isNull: Bool, type: PostgresType) {
        self.base = base
        self.count = count
        self.isNull = isNull
        self.type = type
    }

    /// The bytes as they came.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// The bytes of text: those of `jsonb` without its version byte.
    package var textBytes: UnsafeRawBufferPointer {
        guard type == .jsonb, count > 0 else { return bytes }
        return UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    }

    /// A big-endian integer that starts at `offset`; the caller has checked `count`.
    package func integer<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value {
        Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// What to throw when the value is not the `wanted` one.
    package func fault(wanting wanted: StaticString) -> CellFault {
        isNull
            ? .null(wanted: wanted.description)
            : .mismatch(wanted: wanted.description, found: type, count: count)
    }
}

/// Why a value could not be read as the type that was asked for.
package enum CellFault: Error, Equatable, CustomStringConvertible {
    /// NULL, and the type asked for is not optional.
    case null(wanted: String)
    /// A value of another type or length.
    case mismatch(wanted: String, found: PostgresType, count: Int)
    /// Text that is not UTF-8.
    case notUTF8

    package var description: String {
        switch self {
        case .null(let wanted): "NULL where \(wanted) was expected"
        case .mismatch(let wanted, let found, let count):
            "type \(found.rawValue) of \(count) bytes where \(wanted) was expected"
        case .notUTF8: "text that is not UTF-8"
        }
    }
}
