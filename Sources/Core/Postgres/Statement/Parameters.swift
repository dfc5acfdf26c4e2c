/// The bound values of one statement: all their bytes in one buffer, and where each lies.
struct Parameters: Sendable {
    /// One bound value.
    struct Parameter: Sendable {
        var type: PostgresType
        var isBinary: Bool
        /// Where the value starts in `bytes`; meaningless for NULL.
        var start: Int
        /// Length in bytes, or -1 for NULL.
        var length: Int
    }

    /// Bytes of a common value.
    private static let bytesUsual = 16

    private var list: [Parameter] = []
    /// Takes the values; each text is followed by a NUL, as libpq wants it.
    private var writer = ParameterWriter()
    /// Whether a text holds a NUL, at which libpq would cut it off.
    private(set) var holdsNUL = false

    var bytes: [UInt8] { writer.bytes }
    var count: Int { list.count }
    var isEmpty: Bool { list.isEmpty }
    subscript(index: Int) -> Parameter { list[index] }

    mutating func reserve(_ count: Int) {
        list.reserveCapacity(count)
        writer.reserve(count * Self.bytesUsual)
    }

    mutating func append<Value: Bindable>(_ value: Value) {
        let start = bytes.count
        value.bind(to: &writer)
        end(start, Value.postgresType, isBinary: Value.isBinary)
    }

    /// Notes the value that was written from `start` on.
    private mutating func end(_ start: Int, _ type: PostgresType, isBinary: Bool) {
        let length = writer.endValue() ? -1 : bytes.count - start
        list.append(Parameter(type: type, isBinary: isBinary, start: start, length: length))
        if !isBinary {
            holdsNUL = holdsNUL || bytes[start...].contains(0)
            writer.write(UInt8(0))
        }
    }

    mutating func append(contentsOf other: Parameters) {
        let shift = bytes.count
        writer.write(other.bytes)
        for var parameter in other.list {
            parameter.start += shift
            list.append(parameter)
        }
        holdsNUL = holdsNUL || other.holdsNUL
    }

    /// Lends the values, their lengths and their formats (1: binary) as libpq wants them.
    ///
    /// There must be at least one.
    func withPointers<Value>(
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Value
    ) -> Value {
        // An empty value has no bytes, and NULL is a null pointer: `empty` tells them apart.
        let empty: StaticString = ""
        return bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(
                of: UnsafePointer<CChar>?.self,
                capacity: count
            ) { values in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 2) { numbers in
                    for (index, parameter) in list.enumerated() {
                        let start =
                            bytes.baseAddress.map { $0 + parameter.start }
                            ?? UnsafeRawPointer(empty.utf8Start)
                        values.initializeElement(
                            at: index,
                            to: parameter.length < 0
                                ? nil : start.assumingMemoryBound(to: CChar.self)
                        )
                        numbers.initializeElement(
                            at: index,
                            to: Int32(clamping: max(0, parameter.length))
                        )
                        numbers.initializeElement(
                            at: count + index,
                            to: parameter.isBinary ? 1 : 0
                        )
                    }
                    let lengths = UnsafePointer(numbers.baseAddress)
                    return body(
                        UnsafePointer(values.baseAddress),
                        lengths,
                        lengths.map { $0 + count }
                    )
                }
            }
        }
    }

    /// Whether both lists declare the same types, so that one prepared statement serves both.
    func declaresSameTypes(as other: Parameters) -> Bool {
        guard count == other.count else { return false }
        return (0..<count).allSatisfy { list[$0].type == other.list[$0].type }
    }
}

/// Where a value writes itself when it is bound.
package struct ParameterWriter: Sendable {
    /// What has been written so far.
    package private(set) var bytes: [UInt8] = []
    private var isNull = false

    init() {}

    mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    /// Begins with the next value; whether the last one is NULL.
    mutating func endValue() -> Bool {
        defer { isNull = false }
        return isNull
    }

    /// The value is NULL; nothing else may be written.
    package mutating func writeNull() {
        isNull = true
    }

    /// Bytes as they are.
    package mutating func write(_ value: [UInt8]) {
        bytes.append(contentsOf: value)
    }

    /// The UTF-8 bytes of a text.
    package mutating func write(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// One byte.
    package mutating func write(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// A fixed-width integer in network byte order.
    package mutating func write(integer value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes an array element: its length in four bytes, then the element; -1 for NULL.
    mutating func writeElement<Value: Bindable>(_ value: Value) {
        let lengthAt = bytes.count
        write(integer: Int32(0))
        value.bind(to: &self)
        let length = endValue() ? Int32(-1) : Int32(bytes.count - lengthAt - 4)
        withUnsafeBytes(of: length.bigEndian) { field in
            for (offset, byte) in field.enumerated() { bytes[lengthAt + offset] = byte }
        }
    }
}
