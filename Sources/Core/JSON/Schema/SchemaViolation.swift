/// One thing about a value that its schema does not allow.
package struct SchemaViolation: Sendable, Equatable {
    /// Where in the value; for a missing or unknown member, that member's place.
    package let pointer: JSONPointer
    /// The schema keyword that was not met: `required`, `enum`, `additionalProperties` and so on.
    package let code: String
    /// What is allowed, in plain words: `must be one of "small", "large"`.
    package let message: String

    /// One thing that is not allowed.
    package init(pointer: JSONPointer, code: String, message: String) {
        self.pointer = pointer
        self.code = code
        self.message = message
    }
}

/// Why a JSON value is not a schema that can be used here.
package struct SchemaFault: Error, Equatable, CustomStringConvertible {
    /// Where in the schema.
    package let pointer: JSONPointer
    /// What is wrong there and what to write instead.
    package let reason: String

    init(_ pointer: JSONPointer, _ reason: String) {
        self.pointer = pointer
        self.reason = reason
    }

    /// The whole sentence.
    package var description: String {
        pointer.tokens.isEmpty ? reason : "\(pointer): \(reason)"
    }
}
