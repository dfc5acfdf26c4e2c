/// Looks at YAML text before a parser does, for what would cost a parser much: anchors, whose
/// aliases multiply values, and deep nesting, which costs stack.
enum YAMLGuard {
    /// The first thing that is not taken, or nil.
    static func finding(in bytes: [UInt8], file: String) -> Finding? {
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
                return Finding(
                    .limit,
                    file: file,
                    line: number + 1,
                    column: 1,
                    message: "values are nested deeper than \(YAMLDocument.depthMax)"
                )
            }
            if let column = anchor(in: line) {
                return Finding(
                    .badManifest,
                    file: file,
                    line: number + 1,
                    column: column + 1,
                    message: "anchors and aliases are not taken; write the value again, and quote "
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

    /// Where an anchor stands: `&name` at the start of a value.
    private static func anchor(in line: ArraySlice<UInt8>) -> Int? {
        var mayStart = true
        for (column, byte) in line.enumerated() {
            switch byte {
            case UInt8(ascii: "&") where mayStart:
                let next = line.dropFirst(column + 1).first ?? 0x20
                if next != 0x20, next != UInt8(ascii: "&") { return column }
                mayStart = false
            case 0x20, 0x09, UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","),
                UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: "!"):
                if byte != 0x20, byte != 0x09 { mayStart = true }
            case UInt8(ascii: "#"): return nil
            default: mayStart = false
            }
        }
        return nil
    }
}
