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

    init(path: String, text: String) {
        self.path = path
        lines = Self.split(text)
        guard path.hasSuffix(".swift") else {
            code = lines
            comments = lines
            strings = lines
            return
        }
        var separator = SwiftSeparator(Array(text.utf8))
        separator.run()
        code = Self.split(String(decoding: separator.code, as: UTF8.self))
        comments = Self.split(String(decoding: separator.comments, as: UTF8.self))
        strings = Self.split(String(decoding: separator.strings, as: UTF8.self))
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
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without blanks at both ends.
    var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }

    /// How many blanks the line starts with.
    var indentation: Int { prefix { $0 == " " }.count }

    /// Whether the pattern occurs somewhere in the text.
    func has<Output>(_ pattern: Regex<Output>) -> Bool { firstMatch(of: pattern) != nil }
}
