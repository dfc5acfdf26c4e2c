/// What an expression does to a value, apart from where it stands.
enum ValueOperation {
    /// Which matches are replaced.
    enum Place { case first, every, prefix, suffix }

    /// Part of a value, counted in characters; negative offsets and lengths count from the end.
    ///
    /// Nil when an argument is not a whole number.
    static func substring(_ value: [UInt8], offset: [UInt8], length: [UInt8]?) -> [UInt8]? {
        guard let offset = number(offset) else { return nil }
        let scalars = Array(String(decoding: value, as: UTF8.self).unicodeScalars)
        let count = scalars.count
        let start = offset < 0 ? max(0, count + max(offset, -count)) : min(offset, count)
        var end = count
        if let length {
            guard let length = number(length) else { return nil }
            end = length < 0 ? count + max(length, -count) : start + min(length, count - start)
        }
        guard start < end else { return [] }
        var part = String.UnicodeScalarView()
        part.append(contentsOf: scalars[start..<end])
        return Array(String(part).utf8)
    }

    private static func number(_ text: [UInt8]) -> Int? {
        let trimmed = text.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed()
        return Int(String(decoding: Array(trimmed), as: UTF8.self))
    }

    /// Upper or lower case for all of a value or its first character.
    static func cased(_ value: [UInt8], upper: Bool, whole: Bool) -> [UInt8] {
        let text = String(decoding: value, as: UTF8.self)
        if whole { return Array((upper ? text.uppercased() : text.lowercased()).utf8) }
        guard let first = text.unicodeScalars.first else { return value }
        let properties = first.properties
        let changed = upper ? properties.uppercaseMapping : properties.lowercaseMapping
        return Array(changed.utf8) + value.dropFirst(UTF8.width(first))
    }

    /// The value with matches of a literal text replaced; nil when it grows beyond `bytesMax`.
    static func replacing(
        _ pattern: [UInt8],
        in value: [UInt8],
        with substitute: [UInt8],
        at place: Place,
        bytesMax: Int
    ) -> [UInt8]? {
        switch place {
        case .prefix:
            guard value.starts(with: pattern) else { return value }
            return substitute + value.dropFirst(pattern.count)
        case .suffix:
            guard value.reversed().starts(with: pattern.reversed()) else { return value }
            return value.dropLast(pattern.count) + substitute
        case .first, .every:
            guard !pattern.isEmpty else { return value }
            let starts = matches(of: pattern, in: value, all: place == .every)
            let growth = starts.count * (substitute.count - pattern.count)
            guard value.count + growth <= bytesMax else { return nil }
            return splice(value, starts, pattern.count, substitute)
        }
    }

    private static func splice(
        _ value: [UInt8],
        _ starts: [Int],
        _ length: Int,
        _ substitute: [UInt8]
    ) -> [UInt8] {
        var output: [UInt8] = []
        var rest = 0
        for start in starts {
            output += value[rest..<start]
            output += substitute
            rest = start + length
        }
        return output + value[rest...]
    }

    /// Where a text occurs, without overlaps, in linear time (Knuth, Morris, Pratt).
    private static func matches(of pattern: [UInt8], in value: [UInt8], all: Bool) -> [Int] {
        var borders = [0]
        var length = 0
        for byte in pattern.dropFirst() {
            while length > 0, pattern[length] != byte { length = borders[length - 1] }
            if pattern[length] == byte { length += 1 }
            borders.append(length)
        }
        var found: [Int] = []
        var matched = 0
        for (offset, byte) in value.enumerated() {
            while matched > 0, pattern[matched] != byte { matched = borders[matched - 1] }
            if pattern[matched] == byte { matched += 1 }
            guard matched == pattern.count else { continue }
            found.append(offset + 1 - matched)
            guard all else { break }
            matched = 0
        }
        return found
    }
}
