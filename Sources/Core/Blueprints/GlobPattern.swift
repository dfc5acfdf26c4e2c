/// A shell pattern over a value: `*`, `?`, `[…]`, and `\` before a literal character.
///
/// Matching keeps the set of places in the pattern, one step a character: the time is the product
/// of both lengths, never more.
struct GlobPattern {
    private enum Piece {
        case star
        case any
        case literal(Unicode.Scalar)
        case oneOf([ClosedRange<Unicode.Scalar>], negated: Bool)

        func matches(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .star, .any: true
            case .literal(let wanted): wanted == scalar
            case .oneOf(let ranges, let negated): ranges.contains { $0 ~= scalar } != negated
            }
        }
    }

    private let pieces: [Piece]

    /// The number of pieces.
    var count: Int { pieces.count }

    /// Reads a pattern; nil when it is longer than `limit` characters.
    init?(_ bytes: [UInt8], limit: Int) {
        let text = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        guard text.count <= limit else { return nil }
        var pieces: [Piece] = []
        var position = 0
        while position < text.count {
            pieces.append(Self.piece(text, &position))
        }
        self.pieces = pieces
    }

    private static func piece(_ text: [Unicode.Scalar], _ position: inout Int) -> Piece {
        defer { position += 1 }
        switch text[position] {
        case "*": return .star
        case "?": return .any
        case "\\" where position + 1 < text.count:
            position += 1
            return .literal(text[position])
        case "[":
            return oneOf(text, &position) ?? .literal("[")
        default: return .literal(text[position])
        }
    }

    /// Reads `[a-z]` or `[!a-z]`; nil, and nothing taken, when the bracket is never closed.
    private static func oneOf(_ text: [Unicode.Scalar], _ position: inout Int) -> Piece? {
        var index = position + 1
        let isNegated = index < text.count && (text[index] == "!" || text[index] == "^")
        if isNegated { index += 1 }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while index < text.count, text[index] != "]" || ranges.isEmpty {
            let low = text[index]
            var high = low
            if index + 2 < text.count, text[index + 1] == "-", text[index + 2] != "]" {
                high = text[index + 2]
                index += 2
            }
            ranges.append(min(low, high)...max(low, high))
            index += 1
        }
        guard index < text.count else { return nil }
        position = index
        return .oneOf(ranges, negated: isNegated)
    }

    /// The value without the shortest or longest start that matches.
    func removingPrefix(from value: [UInt8], longest: Bool) -> [UInt8] {
        let text = String(decoding: value, as: UTF8.self)
        let count = Self.matched(Array(text.unicodeScalars), pieces, longest: longest)
        return Array(String(text.unicodeScalars.dropFirst(count)).utf8)
    }

    /// The value without the shortest or longest end that matches.
    func removingSuffix(from value: [UInt8], longest: Bool) -> [UInt8] {
        let text = String(decoding: value, as: UTF8.self)
        let count = Self.matched(
            text.unicodeScalars.reversed(),
            pieces.reversed(),
            longest: longest
        )
        return Array(String(text.unicodeScalars.dropLast(count)).utf8)
    }

    /// How many characters from the start match.
    ///
    /// A match of nothing does not count, so the shortest match of `*` is one character, as in
    /// clusterctl.
    private static func matched(
        _ text: [Unicode.Scalar],
        _ pieces: [Piece],
        longest: Bool
    ) -> Int {
        var places = [Bool](repeating: false, count: pieces.count + 1)
        places[0] = true
        skipStars(&places, pieces)
        var best = 0
        for (index, scalar) in text.enumerated() {
            var next = [Bool](repeating: false, count: pieces.count + 1)
            for (place, piece) in pieces.enumerated() where places[place] && piece.matches(scalar) {
                if case .star = piece { next[place] = true } else { next[place + 1] = true }
            }
            skipStars(&next, pieces)
            if next[pieces.count] {
                best = index + 1
                if !longest { return best }
            }
            guard next.contains(true) else { break }
            places = next
        }
        return best
    }

    private static func skipStars(_ places: inout [Bool], _ pieces: [Piece]) {
        for (place, piece) in pieces.enumerated() where places[place] {
            if case .star = piece { places[place + 1] = true }
        }
    }
}
