/// Reads a pattern into a tree; calls itself once for each open group.
struct PatternParser {
    /// Groups that may enclose each other.
    private static let depthMax = 50
    /// The highest count in `{n,m}`.
    private static let repetitionsMax = 1_000

    let scalars: [Unicode.Scalar]
    var place = 0
    private var depth = 0

    init(_ source: String) { scalars = Array(source.unicodeScalars) }

    var current: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    func fault(_ reason: String, at offset: Int? = nil) -> PatternFault {
        PatternFault(offset: offset ?? place, reason: reason)
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        place += 1
        return true
    }

    mutating func pattern() throws(PatternFault) -> PatternTree {
        let tree = try choice()
        guard current == nil else { throw fault("a ) without its (; write \\) for the character") }
        return tree
    }

    private mutating func choice() throws(PatternFault) -> PatternTree {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternFault) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            parts.append(try repeated(try atom()))
        }
        return .sequence(parts)
    }

    private mutating func atom() throws(PatternFault) -> PatternTree {
        let start = place
        guard let scalar = current else { throw fault("the pattern ends too early") }
        place += 1
        switch scalar {
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case ".": return .set(.anyButLineEnd)
        case "(": return try group(from: start)
        case "[": return .set(try characterClass(from: start))
        case "\\": return try escape(from: start)
        case "*", "+", "?": throw fault("nothing stands before \(scalar) to repeat", at: start)
        case "{", "}", "]": throw fault("write \\\(scalar) for the character", at: start)
        default: return .set(ScalarSet(scalar))
        }
    }

    private mutating func group(from start: Int) throws(PatternFault) -> PatternTree {
        if take("?") {
            if take("<"), current != "=", current != "!" {
                while let scalar = current, ScalarSet.wordCharacters.contains(scalar) {
                    place += 1
                }
                guard take(">") else { throw fault("the name of the group has no >") }
            } else if !take(":") {
                throw fault(
                    "look-around and modifiers are not supported, because they cannot be "
                        + "matched in linear time",
                    at: start
                )
            }
        }
        guard depth < Self.depthMax else { throw fault("groups are nested too deep", at: start) }
        depth += 1
        let tree = try choice()
        depth -= 1
        guard take(")") else { throw fault("the group is not closed", at: start) }
        return tree
    }

    private mutating func escape(from start: Int) throws(PatternFault) -> PatternTree {
        if take("b") { return .assertion(.wordBoundary) }
        if take("B") { return .assertion(.noWordBoundary) }
        return .set(try escapedSet(from: start))
    }

    private mutating func repeated(_ tree: PatternTree) throws(PatternFault) -> PatternTree {
        let start = place
        let result: PatternTree
        if take("*") {
            result = .repetition(tree, atLeast: 0, atMost: nil)
        } else if take("+") {
            result = .repetition(tree, atLeast: 1, atMost: nil)
        } else if take("?") {
            result = .repetition(tree, atLeast: 0, atMost: 1)
        } else if take("{") {
            let (least, most) = try counts(from: start)
            result = .repetition(tree, atLeast: least, atMost: most)
        } else {
            return tree
        }
        if case .assertion = tree { throw fault("an anchor cannot be repeated", at: start) }
        // A lazy repetition finds another match, but not in other texts.
        _ = take("?")
        if let next = current, "*+?{".unicodeScalars.contains(next) {
            throw fault("a repetition cannot be repeated; use a group")
        }
        return result
    }

    private mutating func counts(from start: Int) throws(PatternFault) -> (Int, Int?) {
        guard let least = try count() else { throw fault("a number must follow {", at: start) }
        var most: Int? = least
        if take(",") { most = try count() }
        guard take("}") else { throw fault("the repetition has no }", at: start) }
        if let most, most < least { throw fault("the counts are in the wrong order", at: start) }
        return (least, most)
    }

    private mutating func count() throws(PatternFault) -> Int? {
        var value: Int?
        while let scalar = current, let digit = Character(scalar).wholeNumberValue, scalar.isASCII {
            value = (value ?? 0) * 10 + digit
            place += 1
            guard let value, value <= Self.repetitionsMax else {
                throw fault("repetitions go up to \(Self.repetitionsMax)")
            }
        }
        return value
    }
}
