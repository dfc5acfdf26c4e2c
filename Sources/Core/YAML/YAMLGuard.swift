/// Looks at YAML text before a parser does, for what would cost a parser much: anchors, whose
/// aliases multiply values, and deep nesting, which costs stack.
enum YAMLGuard {
    /// The first thing that is not taken, or nil.
    static func problem(
        in bytes: [UInt8],
        anchors: YAMLDocument.Anchors
    ) -> YAMLProblem? {
        if anchors == .resolved, let line = aliasedKey(in: bytes) {
            return YAMLProblem(
                .syntax,
                line: line,
                "an alias as a key is not taken; write the key"
            )
        }
        var indents: [Int] = []
        var flow = 0
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            let indent = line.prefix { $0 == 0x20 }.count
            guard indent < line.count else { continue }
            while let last = indents.last, last > indent { indents.removeLast() }
            if indents.last != indent { indents.append(indent) }
            let dashes = compactDepth(line.dropFirst(indent))
            for byte in line {
                switch byte {
                case UInt8(ascii: "["), UInt8(ascii: "{"): flow += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): flow = max(0, flow - 1)
                default: break
                }
                guard flow <= YAMLDocument.depthMax else { break }
            }
            if max(indents.count, dashes, flow) > YAMLDocument.depthMax {
                return YAMLProblem(
                    .limit,
                    line: number + 1,
                    column: 1,
                    "values are nested deeper than \(YAMLDocument.depthMax)"
                )
            }
            if anchors == .refused, let column = anchor(in: line) {
                return YAMLProblem(
                    .syntax,
                    line: number + 1,
                    column: column + 1,
                    "anchors and aliases are not taken; write the value again, and quote "
                        + "a text that starts with `&`"
                )
            }
        }
        return nil
    }

    /// How many sequences and keys start on one line, as in `- - - a`.
    private static func compactDepth(_ line: ArraySlice<UInt8>) -> Int {
        var depth = 0
        var rest = line
        while let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "?"),
            rest.dropFirst().first == 0x20
        {
            depth += 1
            rest = rest.dropFirst(2).drop { $0 == 0x20 }
        }
        return depth
    }

    /// Where an anchor stands: `&name` at the start of a value, maybe behind a tag.
    private static func anchor(in line: ArraySlice<UInt8>) -> Int? {
        var mayStart = true
        var isTag = false
        for (column, byte) in line.enumerated() {
            switch byte {
            case UInt8(ascii: "&") where mayStart:
                let next = line.dropFirst(column + 1).first ?? 0x20
                if next != 0x20, next != UInt8(ascii: "&") { return column }
                mayStart = false
            case UInt8(ascii: "!") where mayStart:
                isTag = true
            case 0x20, 0x09:
                mayStart = mayStart || isTag
                isTag = false
            case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"),
                UInt8(ascii: "-"), UInt8(ascii: "?"):
                mayStart = true
            case UInt8(ascii: "#"):
                return nil
            default:
                mayStart = isBreak(byte)
            }
        }
        return nil
    }

    /// Whether it ends a carriage return, U+0085, U+2028 or U+2029, which break lines as well.
    private static func isBreak(_ byte: UInt8) -> Bool {
        [0x0D, 0x85, 0xA8, 0xA9].contains(byte)
    }

    /// The line of what may be a key that is, or holds, an alias; nil when none can be.
    ///
    /// The parser compares keys by everything in them, so that a key made of aliases of aliases
    /// would cost it exponential time. Too much is refused rather than too little: only text that
    /// has an anchor somewhere is looked at.
    static func aliasedKey(in bytes: [UInt8]) -> Int? {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.contains(where: { anchor(in: $0) != nil }) else { return nil }
        for (number, line) in lines.enumerated() where hasAliasedKey(line) { return number + 1 }
        return nil
    }

    private static func hasAliasedKey(_ line: ArraySlice<UInt8>) -> Bool {
        /// The byte that the token before this place began with, or closed with.
        var token: UInt8?
        for (place, byte) in line.enumerated() {
            let next = line.dropFirst(place + 1).first ?? 0x20
            let isAlone = next == 0x20 || next == 0x09 || isBreak(next)
            switch byte {
            case 0x20, 0x09: break
            case UInt8(ascii: "?") where token == nil && isAlone: return true
            case UInt8(ascii: ":") where token == UInt8(ascii: "*") && isAlone: return true
            case UInt8(ascii: ":") where token == UInt8(ascii: "]"): return true
            case UInt8(ascii: ":") where token == UInt8(ascii: "}"): return true
            case UInt8(ascii: "]"), UInt8(ascii: "}"): token = byte
            case UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","),
                UInt8(ascii: "-"):
                token = nil
            default:
                if isBreak(byte) {
                    token = nil
                } else if token == nil || token == UInt8(ascii: "]")
                    || token == UInt8(ascii: "}")
                {
                    token = byte
                }
            }
        }
        return false
    }
}
