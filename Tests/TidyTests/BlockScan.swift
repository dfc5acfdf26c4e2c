/// A pair of braces in Swift source and what it belongs to.
struct Block {
    enum Kind: Equatable {
        case type
        /// A function, initialiser, subscript or computed property.
        case function
        case control
        /// An early exit: what keeps control flow flat is not counted as nesting.
        case exit
        case closure
    }

    let kind: Kind
    /// The first line of the declaration or statement, counted from zero.
    let first: Int
    var last: Int
    /// How many control blocks of the same function are around this one, itself included.
    let depth: Int

    /// Whether the line is inside.
    func holds(_ index: Int) -> Bool { (first...last).contains(index) }
}

/// Finds the blocks of a file that `swift format` has laid out.
struct BlockScan {
    private let code: [String]
    private var open: [Int] = []
    private var parentheses: [Int] = [0]
    private(set) var blocks: [Block] = []

    init(_ code: [String]) {
        self.code = code
        for (index, line) in code.enumerated() where line.utf8.contains(where: Self.isBracket) {
            read(line, index)
        }
    }

    private mutating func read(_ line: String, _ index: Int) {
        for (column, character) in line.enumerated() {
            switch character {
            case "(", "[": parentheses[parentheses.count - 1] += 1
            case ")", "]": parentheses[parentheses.count - 1] -= 1
            case "{": begin(index, column)
            case "}": end(index)
            default: break
            }
        }
    }

    private static func isBracket(_ byte: UInt8) -> Bool { "()[]{}".utf8.contains(byte) }

    private mutating func begin(_ index: Int, _ column: Int) {
        let inCall = parentheses[parentheses.count - 1] > 0
        parentheses.append(0)
        let (first, header) = header(index, column)
        let kind = inCall ? Block.Kind.closure : Self.kind(header)
        blocks.append(Block(kind: kind, first: first, last: index, depth: depth(adding: kind)))
        open.append(blocks.count - 1)
    }

    private mutating func end(_ index: Int) {
        guard let block = open.popLast() else { return }
        parentheses.removeLast()
        blocks[block].last = index
    }

    private func depth(adding kind: Block.Kind) -> Int {
        guard kind != .type, kind != .function else { return 0 }
        let around = open.last.map { blocks[$0].depth } ?? 0
        return around + (kind == .control ? 1 : 0)
    }

    /// What stands before the brace, from the line on which the statement starts.
    private func header(_ index: Int, _ column: Int) -> (first: Int, text: String) {
        let own = String(code[index].prefix(column))
        var first = index
        var text = own
        let indentation = code[index].indentation
        while first > 0, Self.continues(text) {
            var above = first - 1
            while above > 0, code[above].trimmed.isEmpty || code[above].indentation > indentation {
                above -= 1
            }
            first = above
            text = code[first...index].joined(separator: "\n")
            text = String(text.prefix(text.count - (code[index].count - column)))
        }
        return (first, text)
    }

    private static func continues(_ text: String) -> Bool {
        let text = text.trimmed
        return text.isEmpty || text.hasPrefix(")") || text.hasPrefix("where ")
            || text.hasPrefix("->")
    }

    private static func kind(_ header: String) -> Block.Kind {
        let text = header.withoutBrackets.trimmed
        if text.has(Words.type) { return .type }
        if text.has(Words.function) || text.has(Words.initialiser) || text.has(Words.property) {
            return .function
        }
        if text.has(Words.exit) { return .exit }
        if text.has(Words.control) || text.has(Words.value) || text.hasSuffix("else") {
            return .control
        }
        return .closure
    }
}

/// What the headers of blocks look like; made once, because making one costs more than using it.
private enum Words {
    // Safety: a regular expression is never changed once made.
    nonisolated(unsafe) static let type =
        /^[^=]*\b(struct|enum|class|actor|extension|protocol)\s+[\w`]/
    nonisolated(unsafe) static let function = /\b(func\s|deinit\b|subscript\b)/
    nonisolated(unsafe) static let initialiser = /(^|\s)init[?<]?\s*/
    nonisolated(unsafe) static let property = /^([@\w()]+\s+)*var\s+\w+\s*:[^=]*$/
    nonisolated(unsafe) static let exit = /^(guard|defer)\b/
    nonisolated(unsafe) static let control =
        /^(\}\s*)?(\w+:\s+)?(if|for|while|repeat|switch|do|else|catch)\b/
    nonisolated(unsafe) static let value =
        /(=|return|\bcase .*:|default:)\s+(if|switch|do|for|while)\b/
}

extension String {
    /// The text without what is between round, square or curly brackets.
    fileprivate var withoutBrackets: String {
        var depth = 0
        var kept = ""
        for character in self {
            if "([{".contains(character) { depth += 1 }
            if depth == 0 { kept.append(character) }
            if ")]}".contains(character) { depth = max(0, depth - 1) }
        }
        return kept
    }
}
