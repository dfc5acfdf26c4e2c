/// Takes a file with several documents apart, so that a broken one leaves the others whole.
///
/// A line that begins with `---` or `...` ends a document wherever it stands, also within a text
/// of several lines (YAML 1.2.2 §9.1.2).
package struct YAMLParts: Sendable {
    /// One document as it is written.
    package struct Part: Sendable, Equatable {
        /// The text, its markers left out.
        package let bytes: [UInt8]
        /// The line of the file on which the text begins, from 1.
        package let line: Int
    }

    /// The documents in their order; those without content are left out.
    package let parts: [Part]
    /// Whether there are more than were asked for.
    package let hasMore: Bool

    /// The first `limit` documents of a file.
    package init(of bytes: [UInt8], upTo limit: Int) {
        var parts: [Part] = []
        var hasMore = false
        var current: [UInt8] = []
        var start = 1
        func end() {
            defer { current = [] }
            guard Self.hasContent(current) else { return }
            guard parts.count < limit else {
                hasMore = true
                return
            }
            parts.append(Part(bytes: current, line: start))
        }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard let rest = Self.afterMarker(line) else {
                current += line
                if index < lines.count - 1 { current.append(0x0A) }
                continue
            }
            end()
            guard !hasMore else { break }
            start = index + 1
            // What follows a marker on its line belongs to the document; columns stay as they are.
            current = [0x20, 0x20, 0x20] + rest + [0x0A]
        }
        if !hasMore { end() }
        self.parts = parts
        self.hasMore = hasMore
    }

    private static func afterMarker(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let marker = line.prefix(3)
        guard marker.elementsEqual("---".utf8) || marker.elementsEqual("...".utf8) else {
            return nil
        }
        let rest = line.dropFirst(3)
        guard let next = rest.first else { return rest }
        return [0x20, 0x09, 0x0D].contains(next) ? rest : nil
    }

    /// Whether there is more than comments, directives and space.
    private static func hasContent(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: 0x0A).contains { line in
            let text = line.drop { [0x20, 0x09, 0x0D].contains($0) }
            guard let first = text.first else { return false }
            return first != UInt8(ascii: "#") && line.first != UInt8(ascii: "%")
        }
    }
}
