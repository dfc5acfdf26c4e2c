import Foundation

/// A text file, with views of it that keep code, comments and string literals apart.
///
/// Every view has the same lines at the same columns; what does not belong to it is blank.
struct SourceText: Sendable {
    let path: String
    let lines: [String]
    /// Swift without its comments and without what is between quotes.
    let code: [String]
    let comments: [String]
    let strings: [String]
    /// The pairs of braces; none for what is not Swift.
    let blocks: [Block]

    init(path: String, text: String) {
        self.path = path
        lines = Self.split(text)
        guard path.hasSuffix(".swift") else {
            code = lines
            comments = lines
            strings = lines
            blocks = []
            return
        }
        var separator = SwiftSeparator(Array(text.utf8))
        separator.run()
        code = Self.split(separator.code)
        comments = Self.split(separator.comments)
        strings = Self.split(separator.strings)
        blocks = BlockScan(code).blocks
    }

    /// The problem `what` at `index`, counted from zero.
    func problem(_ index: Int, _ what: String, _ remedy: String) -> Problem {
        Problem(file: path, line: index + 1, what: what, remedy: remedy)
    }

    /// Whether the line or the comment block right above it says something.
    func isExplained(_ index: Int, by word: String = "") -> Bool {
        if Self.says(comments[index], word) { return true }
        var above = index - 1
        while above >= 0, Self.isRemark(lines[above]) {
            if Self.says(comments[above], word) { return true }
            above -= 1
        }
        return false
    }

    private static func isRemark(_ line: String) -> Bool {
        let line = line.trimmed
        return line.hasPrefix("//") || line.hasPrefix("@") || line.hasPrefix("*")
            || line.hasPrefix("/*")
    }

    private static func says(_ comment: String, _ word: String) -> Bool {
        !comment.trimmed.isEmpty && (word.isEmpty || comment.contains(word))
    }

    private static func split(_ text: String) -> [String] {
        split(Array(text.utf8))
    }

    private static func split(_ bytes: [UInt8]) -> [String] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

extension String {
    /// Whether one of the words stands somewhere in the text, byte for byte.
    ///
    /// Costs a hundredth of a regular expression, which is asked only where this says yes.
    func mentions(_ words: String...) -> Bool { mentions(words) }

    /// The same for a list.
    func mentions(_ words: [String]) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            words.contains { word in
                var word = word
                return word.withUTF8 { Self.isFound($0, in: bytes) }
            }
        }
    }

    private static func isFound(
        _ word: UnsafeBufferPointer<UInt8>,
        in text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let wanted = word.baseAddress, let start = text.baseAddress else { return false }
        var place = 0
        while place + word.count <= text.count {
            let left = text.count - place - word.count + 1
            guard let hit = memchr(start + place, Int32(wanted.pointee), left) else { return false }
            if memcmp(hit, wanted, word.count) == 0 { return true }
            place = UnsafeRawPointer(hit) - UnsafeRawPointer(start) + 1
        }
        return false
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without blanks at both ends.
    var trimmed: String {
        let blanks = " \t\r\n".utf8
        let front = utf8.drop { blanks.contains($0) }
        let back = front.reversed().drop { blanks.contains($0) }.count
        return String(decoding: front.prefix(back), as: UTF8.self)
    }

    /// How many blanks the line starts with.
    var indentation: Int { utf8.prefix { $0 == UInt8(ascii: " ") }.count }

    /// Whether the pattern occurs somewhere in the text.
    func has<Output>(_ pattern: Regex<Output>) -> Bool { firstMatch(of: pattern) != nil }
}
