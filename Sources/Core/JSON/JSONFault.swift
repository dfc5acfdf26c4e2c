/// Why bytes are not a JSON text, and where.
package struct JSONFault: Error, Equatable, CustomStringConvertible {
    /// Bytes before the one at which the text went wrong.
    package let offset: Int
    /// The line, from 1; lines end at LF.
    package let line: Int
    /// The column in bytes, from 1.
    package let column: Int
    /// What is wrong, in words fit for a caller: "the member name \"a\" appears twice".
    package let reason: String

    /// The whole sentence: "line 1, column 7: …".
    package var description: String { "line \(line), column \(column): \(reason)" }

    init(_ reason: String, at offset: Int, in bytes: UnsafeRawBufferPointer) {
        self.reason = reason
        self.offset = offset
        var line = 1
        var lineStart = 0
        for (place, byte) in bytes.prefix(offset).enumerated() where byte == UInt8(ascii: "\n") {
            line += 1
            lineStart = place + 1
        }
        self.line = line
        column = offset - lineStart + 1
    }
}

/// What a JSON text may cost its reader.
package struct JSONLimits: Sendable {
    /// Arrays and objects that may enclose each other.
    package let depthMax: Int
    /// Bytes of one number; 1,000 keep every accepted number within PostgreSQL's `numeric`.
    package let numberBytesMax: Int
    /// The size of a number's exponent, either way; bounded for the same reason.
    package let exponentMax: Int

    /// What a request body may hold.
    package static let request = JSONLimits(depthMax: 64)
    /// What a document that the operator wrote may hold.
    package static let document = JSONLimits(depthMax: 128)

    /// Limits with another depth, 1…256: the reader calls itself once for each level.
    package init(depthMax: Int, numberBytesMax: Int = 1_000, exponentMax: Int = 9_999) {
        precondition((1...256).contains(depthMax), "the depth of JSON is limited to 1…256")
        self.depthMax = depthMax
        self.numberBytesMax = numberBytesMax
        self.exponentMax = exponentMax
    }
}
