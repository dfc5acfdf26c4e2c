/// The field lines of a request, in the order in which they came.
///
/// A `String` is made for each question and not kept.
package struct HeaderFields: Sendable {
    let received: ReceivedHead

    /// The value of the first field called `name`.
    package subscript(_ name: HeaderName) -> String? {
        guard received.head.mayHave(name.known) else { return nil }
        for field in received.head.fields where received.isNamed(name, field) {
            return received.text(field.value)
        }
        return nil
    }

    /// Every value of the fields called `name`, one for each line.
    package func values(of name: HeaderName) -> [String] {
        guard received.head.mayHave(name.known) else { return [] }
        return received.head.fields.filter { received.isNamed(name, $0) }
            .map { received.text($0.value) }
    }

    /// Whether there is a field called `name`.
    package func contains(_ name: HeaderName) -> Bool {
        received.head.mayHave(name.known)
            && received.head.fields.contains { received.isNamed(name, $0) }
    }

    /// How many lines there are.
    package var count: Int { received.head.fields.count }

    /// All lines, names as they were sent.
    package var all: [(name: String, value: String)] {
        received.head.fields.map { (received.text($0.name), received.text($0.value)) }
    }

    /// Lends the bytes of the first field called `name`, without making a `String`.
    package func withBytes<Value>(
        of name: HeaderName,
        _ body: (UnsafeRawBufferPointer) -> Value
    ) -> Value? {
        for field in received.head.fields where received.isNamed(name, field) {
            return received.bytes.withUnsafeBytes { body($0.part(field.value)) }
        }
        return nil
    }
}
