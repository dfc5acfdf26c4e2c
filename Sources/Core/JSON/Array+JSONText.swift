extension [UInt8] {
    /// Appends `text` as the inside of a JSON string: `"`, `\` and controls escaped (RFC 8259 §7).
    package mutating func appendEscaped(_ text: String) {
        // Unlike `withUTF8` this needs no copy of the string, and counts no reference.
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
            appendEscaped(UnsafeRawBufferPointer($0))
        }
        if isDone == nil { Array(text.utf8).withUnsafeBytes { appendEscaped($0) } }
    }

    /// Appends valid UTF-8 as the inside of a JSON string.
    package mutating func appendEscaped(_ text: UnsafeRawBufferPointer) {
        var runStart = 0
        var place = text.plainRun(from: 0)
        while place < text.count {
            appendRun(of: text, runStart..<place)
            appendEscape(of: text[place])
            runStart = place + 1
            place = text.plainRun(from: runStart)
        }
        appendRun(of: text, runStart..<place)
    }

    /// Appends part of a buffer in one copy.
    mutating func appendRun(of bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        let bytes = bytes.assumingMemoryBound(to: UInt8.self)
        append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
    }

    private mutating func appendEscape(of byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        default:
            append(contentsOf: "u00".utf8)
            append(Self.hexDigit(byte >> 4))
            append(Self.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// Appends an integer in decimal digits.
    package mutating func appendDigits(of value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDigits(of: value.magnitude)
    }

    /// Appends an unsigned integer in decimal digits.
    package mutating func appendDigits(of value: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value
            var place = 20
            repeat {
                place -= 1
                digits[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[place...]))
        }
    }
}

extension UnsafeRawBufferPointer {
    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var tops: UInt64 { 0x8080_8080_8080_8080 }

    /// The first place at or after `start` whose byte ends a plain run inside a JSON string (a
    /// control, `"` or `\`), or `count`.
    ///
    /// Eight bytes at a time.
    func plainRun(from start: Int) -> Int {
        var place = start
        while place + 8 <= count {
            let word = loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let quotes = word ^ (Self.ones &* 0x22)
            let slashes = word ^ (Self.ones &* 0x5C)
            let special =
                ((word &- Self.ones &* 0x20) & ~word) | ((quotes &- Self.ones) & ~quotes)
                | ((slashes &- Self.ones) & ~slashes)
            if special & Self.tops != 0 { break }
            place += 8
        }
        while place < count {
            let byte = self[place]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                return place
            }
            place += 1
        }
        return place
    }
}
