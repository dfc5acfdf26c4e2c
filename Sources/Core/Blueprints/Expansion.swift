/// One pass over one text.
///
/// Positions are byte offsets; the text is valid UTF-8 or is treated as if.
struct Expansion {
    let text: [UInt8]
    let file: String
    let values: [String: [UInt8]]
    let limits: Substitution.Limits

    /// What was found so far, at most `RenderFault.findingsMax`.
    var findings: [Finding] = []
    /// How many more were found.
    private(set) var omitted = 0
    /// The offset of the next byte.
    var position = 0
    /// Every use of a variable when they are listed instead of filled in; nil otherwise.
    var uses: [VariableUse]?
    private var work = 0
    private var isExhausted = false
    private var lineStarts: [Int]?

    init(
        text: [UInt8],
        file: String,
        values: [String: [UInt8]],
        limits: Substitution.Limits
    ) {
        self.text = text
        self.file = file
        self.values = values
        self.limits = limits
    }

    /// Copies the text with every expression filled in.
    mutating func run() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 8)
        while !isExhausted, position < text.count {
            let start = position
            while position < text.count, text[position] != .dollar { position += 1 }
            append(text[start..<position], to: &output)
            if position < text.count { dollar(into: &output, depth: 0, isWanted: true) }
        }
        return output
    }

    /// Takes what starts with a dollar: `$$`, an expression, or just a dollar.
    mutating func dollar(into output: inout [UInt8], depth: Int, isWanted: Bool) {
        switch byte(after: 1) {
        case .dollar:
            position += 2
            append(CollectionOfOne(.dollar), to: &output)
        case .openBrace where byte(after: 2) == .openBrace:
            // `${{ … }}` is the expression syntax of CI systems, never a variable.
            append(text[position..<position + 3], to: &output)
            position += 3
        case .openBrace:
            if let value = expression(depth: depth, isWanted: isWanted) {
                append(value, to: &output)
            }
        default:
            position += 1
            append(CollectionOfOne(.dollar), to: &output)
        }
    }

    /// The byte at some distance from the position; nil behind the end.
    func byte(after distance: Int = 0) -> UInt8? {
        position + distance < text.count ? text[position + distance] : nil
    }

    /// Takes the byte when it is the next one.
    mutating func take(_ wanted: UInt8) -> Bool {
        guard byte() == wanted else { return false }
        position += 1
        return true
    }

    /// A variable's name, or nil when none starts here.
    mutating func name() -> String? {
        guard let first = byte(), first.isNameStart else { return nil }
        let start = position
        while let next = byte(), next.isNameStart || next.isDigit { position += 1 }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    /// Counts steps; false when the file has used up its share.
    mutating func charge(_ steps: Int) -> Bool {
        work += steps + 1
        guard work > limits.workMax, !isExhausted else { return !isExhausted }
        report(
            .limit,
            at: position,
            message: "the expressions of this file take more than \(limits.workMax) steps; "
                + "use shorter values or fewer patterns"
        )
        isExhausted = true
        return false
    }

    private mutating func append(_ bytes: some Collection<UInt8>, to output: inout [UInt8]) {
        guard output.count + bytes.count > limits.outputBytesMax else {
            output.append(contentsOf: bytes)
            return
        }
        guard !isExhausted else { return }
        report(
            .limit,
            at: position,
            message: "the file grows beyond \(limits.outputBytesMax) bytes; use shorter values"
        )
        isExhausted = true
    }
}

extension Expansion {
    /// What stands for the findings that are not named.
    var overflow: Finding { Finding(.limit, file: file, message: "more findings than are shown") }

    /// Adds a finding at an offset.
    mutating func report(
        _ code: Finding.Code,
        at offset: Int,
        variable: String? = nil,
        message: String
    ) {
        guard findings.count < RenderFault.findingsMax else {
            omitted += 1
            return
        }
        let place = place(of: offset)
        findings.append(
            Finding(
                code,
                file: file,
                line: place.line,
                column: place.column,
                variable: variable,
                message: message
            )
        )
    }

    /// Line and column of an offset, both from 1; columns count characters, not bytes.
    mutating func place(of offset: Int) -> (line: Int, column: Int) {
        let starts = lineStarts ?? Self.lineStarts(of: text)
        lineStarts = starts
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        let before = text[starts[low]..<min(offset, text.count)]
        return (low + 1, before.count { $0 & 0xC0 != 0x80 } + 1)
    }

    private static func lineStarts(of text: [UInt8]) -> [Int] {
        var starts = [0]
        for (offset, byte) in text.enumerated() where byte == 0x0A { starts.append(offset + 1) }
        return starts
    }
}

extension UInt8 {
    static let dollar = UInt8(ascii: "$")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let slash = UInt8(ascii: "/")
    static let backslash = UInt8(ascii: "\\")
    static let colon = UInt8(ascii: ":")

    /// Whether a variable's name may start with it.
    var isNameStart: Bool {
        switch self {
        case 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    /// Whether it is one of `0` to `9`.
    var isDigit: Bool { (0x30...0x39).contains(self) }
}
