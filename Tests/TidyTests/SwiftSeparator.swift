/// Separates Swift source into code, comments and what is between quotes.
///
/// It knows nested comments, raw and multi-line literals, interpolation and raw identifiers.
struct SwiftSeparator {
    private(set) var code: [UInt8]
    private(set) var comments: [UInt8]
    private(set) var strings: [UInt8]

    private let bytes: [UInt8]
    private var at = 0
    /// The literals around the current position, innermost last, while inside an interpolation.
    private var suspended: [(literal: Literal, parentheses: Int)] = []

    private struct Literal {
        var hashes: Int
        var isMultiline: Bool
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let blank = bytes.map { $0 == newline ? newline : space }
        code = blank
        comments = blank
        strings = blank
    }

    mutating func run() {
        while at < bytes.count { readCode() }
    }

    private mutating func readCode() {
        guard isSpecial(bytes[at]) else {
            code[at] = bytes[at]
            at += 1
            return
        }
        if starts("//") { return readLineComment() }
        if starts("/*") { return readBlockComment() }
        if bytes[at] == backtick { return readRawIdentifier() }
        if let literal = literalStart() { return readLiteral(literal) }
        if startsPattern { return readPattern() }
        if bytes[at] == openParenthesis, !suspended.isEmpty {
            suspended[suspended.count - 1].parentheses += 1
        }
        if bytes[at] == closeParenthesis, let inner = suspended.last {
            if inner.parentheses == 0 {
                suspended.removeLast()
                at += 1
                return readLiteral(inner.literal)
            }
            suspended[suspended.count - 1].parentheses -= 1
        }
        code[at] = bytes[at]
        at += 1
    }

    /// Whether the byte can begin or end anything but code.
    private func isSpecial(_ byte: UInt8) -> Bool {
        byte == slash || byte == backtick || byte == quote || byte == hash
            || byte == openParenthesis || byte == closeParenthesis
    }

    private mutating func readLineComment() {
        while at < bytes.count, bytes[at] != newline {
            comments[at] = bytes[at]
            at += 1
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        while at < bytes.count {
            if starts("/*") { depth += 1 }
            let ends = starts("*/")
            for _ in 0..<(starts("/*") || ends ? 2 : 1) where at < bytes.count {
                comments[at] = bytes[at]
                at += 1
            }
            if ends { depth -= 1 }
            if depth == 0 { return }
        }
    }

    private mutating func readRawIdentifier() {
        code[at] = backtick
        at += 1
        while at < bytes.count, bytes[at] != backtick, bytes[at] != newline {
            code[at] = bytes[at] == space ? underscore : letter
            at += 1
        }
        guard at < bytes.count, bytes[at] == backtick else { return }
        code[at] = backtick
        at += 1
    }

    /// Whether a regular expression starts here: a slash where a value is due.
    private var startsPattern: Bool {
        guard bytes[at] == slash, at + 1 < bytes.count, bytes[at + 1] != space else { return false }
        let before = code[..<at].last { $0 != space }
        return before.map { "(,=[:{\n".utf8.contains($0) } ?? true
    }

    private mutating func readPattern() {
        code[at] = slash
        at += 1
        while at < bytes.count, bytes[at] != slash, bytes[at] != newline {
            let width = bytes[at] == backslash && at + 1 < bytes.count ? 2 : 1
            strings[at] = bytes[at]
            at += width
        }
        guard at < bytes.count, bytes[at] == slash else { return }
        code[at] = slash
        at += 1
    }

    /// The literal that opens here, its quotes already read; nil where none does.
    private mutating func literalStart() -> Literal? {
        var end = at
        while end < bytes.count, bytes[end] == hash { end += 1 }
        guard end < bytes.count, bytes[end] == quote else { return nil }
        let isMultiline = starts("\"\"\"", at: end)
        let hashes = end - at
        let after = end + (isMultiline ? 3 : 1)
        for index in at..<after { code[index] = bytes[index] }
        at = after
        return Literal(hashes: hashes, isMultiline: isMultiline)
    }

    private mutating func readLiteral(_ literal: Literal) {
        let mark = String(repeating: "#", count: literal.hashes)
        let close = (literal.isMultiline ? "\"\"\"" : "\"") + mark
        while at < bytes.count {
            if starts("\\" + mark + "(") {
                at += 2 + literal.hashes
                suspended.append((literal, 0))
                return
            }
            if bytes[at] == backslash, literal.hashes == 0, at + 1 < bytes.count {
                strings[at] = bytes[at]
                at += bytes[at + 1] == newline ? 1 : 2
                continue
            }
            if starts(close) {
                for index in at..<(at + close.utf8.count) { code[index] = bytes[index] }
                at += close.utf8.count
                return
            }
            if bytes[at] == newline, !literal.isMultiline { return }
            strings[at] = bytes[at]
            at += 1
        }
    }

    private func starts(_ text: String, at position: Int? = nil) -> Bool {
        bytes[(position ?? at)...].starts(with: text.utf8)
    }
}

private let newline = UInt8(ascii: "\n")
private let space = UInt8(ascii: " ")
private let quote = UInt8(ascii: "\"")
private let slash = UInt8(ascii: "/")
private let hash = UInt8(ascii: "#")
private let backtick = UInt8(ascii: "`")
private let backslash = UInt8(ascii: "\\")
private let underscore = UInt8(ascii: "_")
private let letter = UInt8(ascii: "x")
private let openParenthesis = UInt8(ascii: "(")
private let closeParenthesis = UInt8(ascii: ")")
