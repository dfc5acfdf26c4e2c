/// A text in which each `*` stands for any characters, `/` among them.
package struct Wildcard: Sendable, Hashable, CustomStringConvertible {
    /// The most bytes of a pattern.
    package static let lengthMax = 255

    /// The pattern as it was written.
    package let description: String

    /// A pattern of that text.
    package init(_ text: String) { description = text }

    /// Whether the whole text is meant; bytes are compared, so that nothing only looks the same.
    package func matches(_ text: String) -> Bool {
        let parts = Array(description.utf8).split(
            separator: UInt8(ascii: "*"),
            omittingEmptySubsequences: false
        )
        var rest = Array(text.utf8)[...]
        guard let first = parts.first, rest.starts(with: first) else { return false }
        guard parts.count > 1, let last = parts.last else { return rest.count == first.count }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            // The earliest place leaves the most for what follows.
            guard let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}
