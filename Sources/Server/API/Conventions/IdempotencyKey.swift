import HTTP

/// The caller's name for one wish (draft-ietf-httpapi-idempotency-key-header).
struct IdempotencyKey: Sendable, Hashable {
    /// The most characters of a key.
    static let lengthMax = 255

    let text: String

    /// Reads the field: a quoted string as the draft has it, or the bare key as many send it.
    ///
    /// - Throws: a problem where it is repeated, empty, too long or not visible ASCII.
    static func read(_ headers: HeaderFields) throws(Problem) -> IdempotencyKey? {
        let lines = headers.values(of: .idempotencyKey)
        guard let line = lines.first else { return nil }
        guard lines.count == 1 else {
            throw .invalidHeader("Idempotency-Key", "repeated", "Send the field once.")
        }
        var key = Substring(line)
        if key.utf8.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") {
            key = key.dropFirst().dropLast()
        }
        guard !key.isEmpty, key.utf8.count <= lengthMax,
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .invalidHeader(
                "Idempotency-Key",
                "invalid-value",
                "A key is 1 to \(lengthMax) visible ASCII characters, such as a UUID."
            )
        }
        return IdempotencyKey(text: String(key))
    }
}
