extension PatternParser {
    /// After `[`.
    mutating func characterClass(from start: Int) throws(PatternFault) -> ScalarSet {
        var set = ScalarSet()
        let isInverted = take("^")
        while !take("]") {
            guard current != nil else { throw fault("the class has no ]", at: start) }
            let low = try classMember(from: start)
            guard current == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
                set.insert(low)
                continue
            }
            let dash = place
            place += 1
            let high = try classMember(from: start)
            guard let first = low.onlyScalar, let last = high.onlyScalar, first <= last else {
                throw fault("a range needs a lower and a higher character", at: dash)
            }
            set.insert(first...last)
        }
        set.isInverted = isInverted
        return set
    }

    private mutating func classMember(from start: Int) throws(PatternFault) -> ScalarSet {
        guard let scalar = current else { throw fault("the class has no ]", at: start) }
        let place = place
        self.place += 1
        guard scalar == "\\" else { return ScalarSet(scalar) }
        if take("b") { return ScalarSet("\u{8}") }
        if take("-") { return ScalarSet("-") }
        return try escapedSet(from: place)
    }

    /// After `\`, whatever stands for a set of scalars.
    mutating func escapedSet(from start: Int) throws(PatternFault) -> ScalarSet {
        guard let scalar = current else { throw fault("a \\ ends the pattern", at: start) }
        place += 1
        switch scalar {
        case "d": return .digits
        case "D": return .digits.inverted
        case "w": return .wordCharacters
        case "W": return .wordCharacters.inverted
        case "s": return .space
        case "S": return .space.inverted
        case "t": return ScalarSet("\t")
        case "n": return ScalarSet("\n")
        case "v": return ScalarSet("\u{B}")
        case "f": return ScalarSet("\u{C}")
        case "r": return ScalarSet("\r")
        case "0" where !(current.map(ScalarSet.digits.contains) ?? false): return ScalarSet("\0")
        case "0"..."9", "k":
            throw fault(
                "back-references are not supported, because they cannot be matched in linear time",
                at: start
            )
        case "c": return try control(from: start)
        case "x": return ScalarSet(try hexScalar(digits: 2, from: start))
        case "u": return ScalarSet(try unicodeEscape(from: start))
        case "p": return try property(from: start)
        case "P": return try property(from: start).inverted
        default:
            let isLetter = scalar.isASCII && ScalarSet.wordCharacters.contains(scalar)
            guard !isLetter else { throw fault("there is no escape \\\(scalar)", at: start) }
            return ScalarSet(scalar)
        }
    }

    private mutating func control(from start: Int) throws(PatternFault) -> ScalarSet {
        guard let letter = current, letter.isASCII, letter.properties.isAlphabetic,
            let control = Unicode.Scalar(letter.value % 32)
        else { throw fault("a letter must follow \\c", at: start) }
        place += 1
        return ScalarSet(control)
    }

    private mutating func unicodeEscape(from start: Int) throws(PatternFault) -> Unicode.Scalar {
        guard take("{") else {
            let first = try hexValue(digits: 4, from: start)
            if let scalar = Unicode.Scalar(first) { return scalar }
            guard first < 0xDC00, take("\\"), take("u") else {
                throw fault("half of a surrogate pair is not a character", at: start)
            }
            let second = try hexValue(digits: 4, from: start)
            guard (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + second - 0xDC00)
            else { throw fault("half of a surrogate pair is not a character", at: start) }
            return scalar
        }
        var digits = 0
        while place + digits < scalars.count, scalars[place + digits] != "}" { digits += 1 }
        let scalar = try hexScalar(digits: digits, from: start)
        guard take("}") else { throw fault("\\u{ has no }", at: start) }
        return scalar
    }

    private mutating func hexScalar(
        digits: Int,
        from start: Int
    ) throws(PatternFault) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(try hexValue(digits: digits, from: start)) else {
            throw fault("there is no such character", at: start)
        }
        return scalar
    }

    private mutating func hexValue(digits: Int, from start: Int) throws(PatternFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = current.flatMap({ Character($0).hexDigitValue }), value < 0x110000,
                current?.isASCII ?? false
            else { throw fault("hexadecimal digits must stand here", at: start) }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        guard digits > 0 else { throw fault("hexadecimal digits must stand here", at: start) }
        return value
    }

    private mutating func property(from start: Int) throws(PatternFault) -> ScalarSet {
        guard take("{") else { throw fault("{ must follow \\p", at: start) }
        var name = ""
        while let scalar = current, scalar != "}" {
            name.unicodeScalars.append(scalar)
            place += 1
        }
        guard take("}"), let set = ScalarSet(property: name) else {
            throw fault("of \\p{…} only general categories are supported", at: start)
        }
        return set
    }
}

extension ScalarSet {
    /// The scalar of a set that was made of one; nil for any other set.
    fileprivate var onlyScalar: UInt32? {
        guard !isInverted, others.isEmpty, categories.isEmpty, ranges.count == 1,
            ranges[0].count == 1
        else { return nil }
        return ranges[0].lowerBound
    }
}
