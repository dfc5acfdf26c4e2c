extension JSONParser {
    /// A string by RFC 8259 §7; one without escapes is made in one step, from checked bytes.
    mutating func string() throws(JSONFault) -> String {
        let opening = place
        place += 1
        let start = place
        place = bytes.plainRun(from: start)
        if current == UInt8(ascii: "\"") {
            let text = try checkedText(from: start, to: place)
            place += 1
            return text
        }
        return try escapedString(from: start, opening: opening)
    }

    private func checkedText(from start: Int, to end: Int) throws(JSONFault) -> String {
        let run = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        if let text = String(validating: run, as: UTF8.self) { return text }
        throw fault("the text is not valid UTF-8", at: start + run.validUTF8Count)
    }

    private mutating func escapedString(
        from start: Int,
        opening: Int
    ) throws(JSONFault) -> String {
        var text: [UInt8] = []
        var runStart = start
        while let byte = current {
            text.appendRun(of: bytes, runStart..<place)
            switch byte {
            case UInt8(ascii: "\""):
                guard let result = String(validating: text, as: UTF8.self) else {
                    let invalid = bytes[start...].firstInvalidUTF8(before: place) ?? start
                    throw fault("the text is not valid UTF-8", at: invalid)
                }
                place += 1
                return result
            case UInt8(ascii: "\\"):
                try escape(into: &text)
            default:
                throw fault("a control character must be written as an escape")
            }
            runStart = place
            place = bytes.plainRun(from: place)
        }
        throw fault("the string is not closed", at: opening)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
        let start = place
        place += 1
        guard let byte = current else { throw fault("the string is not closed", at: start) }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            text.append(contentsOf: String(Character(try unicodeEscape(from: start))).utf8)
        default:
            throw fault("there is no such escape", at: start)
        }
    }

    /// After `\u`: one scalar, from one escape or from a surrogate pair of two.
    private mutating func unicodeEscape(from start: Int) throws(JSONFault) -> Unicode.Scalar {
        let first = try fourHexDigits(from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isPair =
            first < 0xDC00 && current == UInt8(ascii: "\\") && place + 1 < bytes.count
            && bytes[place + 1] == UInt8(ascii: "u")
        if isPair {
            place += 2
            let second = try fourHexDigits(from: start)
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            {
                return scalar
            }
        }
        throw fault("half of a surrogate pair is not a character", at: start)
    }

    private mutating func fourHexDigits(from start: Int) throws(JSONFault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = hexValue(byte) else {
                throw fault("four hexadecimal digits must follow \\u", at: start)
            }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        return value
    }

    private func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// The place of the first byte that is not part of valid UTF-8, if it lies before `end`.
    func firstInvalidUTF8(before end: Int) -> Int? {
        let run = UnsafeRawBufferPointer(rebasing: base[startIndex..<end])
        let valid = run.validUTF8Count
        return valid < run.count ? startIndex + valid : nil
    }
}

extension UnsafeRawBufferPointer {
    /// How many bytes from the start are valid UTF-8; slow, used to say where a text went wrong.
    var validUTF8Count: Int {
        var decoder = UTF8()
        var iterator = makeIterator()
        var valid = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            valid += UTF8.width(scalar)
        }
        return valid
    }
}
