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
        /// Where `$n` starts in the text of its statement.
        var textOffset: Int
    }

    private var list: [Parameter] = []
    /// Each text value is followed by a NUL, as libpq wants it.
    private(set) var bytes: [UInt8] = []
    /// Whether a text holds a NUL, at which libpq would cut it off.
    private(set) var holdsNUL = false

    var count: Int { list.count }
    var isEmpty: Bool { list.isEmpty }
    subscript(index: Int) -> Parameter { list[index] }

    mutating func reserve(_ count: Int) {
        list.reserveCapacity(count)
        bytes.reserveCapacity(count * 16)
    }

    mutating func append<Value: Bindable>(_ value: Value, at textOffset: Int) {
        let start = bytes.count
        var writer = ParameterWriter(bytes: bytes)
        bytes = []
        value.bind(to: &writer)
        bytes = writer.bytes
        let length = writer.isNull ? -1 : bytes.count - start
        list.append(
            Parameter(
                type: Value.postgresType,
                isBinary: Value.isBinary,
                start: start,
                length: length,
                textOffset: textOffset
            )
        )
        if !Value.isBinary {
            holdsNUL = holdsNUL || bytes[start...].contains(0)
            bytes.append(0)
        }
    }

    mutating func append(from other: Parameters, at index: Int, textOffset: Int) {
        var parameter = other[index]
        let start = bytes.count
        if parameter.length > 0 {
            let end = parameter.start + parameter.length
            bytes.append(contentsOf: other.bytes[parameter.start..<end])
        }
        if !parameter.isBinary { bytes.append(0) }
        holdsNUL = holdsNUL || other.holdsNUL
        parameter.start = start
        parameter.textOffset = textOffset
        list.append(parameter)
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
    package private(set) var bytes: [UInt8]
    private(set) var isNull = false

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The value is NULL; nothing else may be written.
    package mutating func writeNull() {
        isNull = true
    }

    /// Bytes as they are.
    package mutating func write(_ value: some Collection<UInt8>) {
        bytes.append(contentsOf: value)
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
        let length = isNull ? Int32(-1) : Int32(bytes.count - lengthAt - 4)
        isNull = false
        withUnsafeBytes(of: length.bigEndian) { field in
            for (offset, byte) in field.enumerated() { bytes[lengthAt + offset] = byte }
        }
    }
}
