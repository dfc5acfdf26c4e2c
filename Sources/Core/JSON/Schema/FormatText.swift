/// A text looked at byte by byte.
struct FormatText {
    let bytes: [UInt8]

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    private func parts(by separator: Character) -> [ArraySlice<UInt8>] {
        bytes.split(separator: separator.asciiValue ?? 0, omittingEmptySubsequences: false)
    }

    /// The number that exactly these digits mean.
    private func number(_ range: Range<Int>) -> Int? {
        guard range.upperBound <= bytes.count else { return nil }
        return bytes[range].reduce(0 as Int?) { value, byte in
            byte &- 0x30 < 10 ? value.map { $0 * 10 + Int(byte - 0x30) } : nil
        }
    }

    private func has(_ character: Character, at place: Int) -> Bool {
        place < bytes.count && bytes[place] == character.asciiValue
    }

    // MARK: RFC 3339

    var isDate: Bool {
        guard bytes.count == 10, has("-", at: 4), has("-", at: 7), let year = number(0..<4),
            let month = number(5..<7), let day = number(8..<10), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day >= 1 && day <= days[month - 1]
    }

    var isTime: Bool {
        guard has(":", at: 2), has(":", at: 5), let hour = number(0..<2),
            let minute = number(3..<5), let second = number(6..<8), hour < 24, minute < 60,
            second <= 60
        else { return false }
        var place = 8
        if has(".", at: place) {
            let digits = bytes[(place + 1)...].prefix { $0 &- 0x30 < 10 }.count
            guard digits > 0 else { return false }
            place += digits + 1
        }
        guard let offset = zoneOffset(from: place) else { return false }
        let minutes = (hour * 60 + minute - offset + 2_880) % 1_440
        return second < 60 || minutes == 1_439
    }

    /// Minutes east of UTC; nil when the rest is no zone.
    private func zoneOffset(from place: Int) -> Int? {
        if place == bytes.count - 1, bytes[place] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard bytes.count == place + 6, has("+", at: place) || has("-", at: place),
            has(":", at: place + 3), let hour = number(place + 1..<place + 3),
            let minute = number(place + 4..<place + 6), hour < 24, minute < 60
        else { return nil }
        return has("-", at: place) ? -(hour * 60 + minute) : hour * 60 + minute
    }

    var isDateTime: Bool {
        guard bytes.count > 11, bytes[10] | 0x20 == UInt8(ascii: "t") else { return false }
        return FormatText(bytes[..<10]).isDate && FormatText(bytes[11...]).isTime
    }

    // MARK: Names and addresses

    var isHostname: Bool {
        guard (1...253).contains(bytes.count) else { return false }
        return parts(by: ".").allSatisfy { label in
            let isShort = (1...63).contains(label.count)
            let isPlain = label.allSatisfy { Self.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            let isBounded = label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            return isShort && isPlain && isBounded
        }
    }

    /// RFC 5321 §4.1.2: a local part, plain or quoted, and a host name or an address in brackets.
    var isEmail: Bool {
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), (1...64).contains(at) else {
            return false
        }
        let local = FormatText(bytes[..<at])
        let domain = FormatText(bytes[(at + 1)...])
        return (local.isPlainLocalPart || local.isQuotedLocalPart)
            && (domain.isHostname || domain.isBracketedAddress)
    }

    private var isPlainLocalPart: Bool {
        parts(by: ".").allSatisfy { atom in
            !atom.isEmpty
                && atom.allSatisfy {
                    Self.isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0)
                }
        }
    }

    private var isQuotedLocalPart: Bool {
        guard bytes.count > 2, has("\"", at: 0), has("\"", at: bytes.count - 1) else {
            return false
        }
        var isEscaped = false
        for byte in bytes[1..<(bytes.count - 1)] {
            guard (0x20...0x7E).contains(byte), isEscaped || byte != UInt8(ascii: "\"") else {
                return false
            }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        return !isEscaped
    }

    private var isBracketedAddress: Bool {
        guard bytes.count > 2, has("[", at: 0), has("]", at: bytes.count - 1) else { return false }
        let inside = bytes[1..<(bytes.count - 1)]
        let tag = "IPv6:".utf8
        return inside.starts(with: tag)
            ? FormatText(inside.dropFirst(tag.count)).isIPv6 : FormatText(inside).isIPv4
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
    }

    static func isHex(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
    }

    var isIPv4: Bool {
        let parts = parts(by: ".")
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.count == 1 || part.first != 0x30,
                    let value = FormatText(part).number(0..<part.count)
                else { return false }
                return value < 256
            }
    }

    var isIPv6: Bool {
        var groups = parts(by: ":")
        guard groups.count >= 3 else { return false }
        if let last = groups.last, last.contains(UInt8(ascii: ".")) {
            guard FormatText(last).isIPv4 else { return false }
            groups.replaceSubrange((groups.count - 1)..., with: [[0x30], [0x30]])
        }
        // An end that is empty is half of a "::" there.
        let opens = groups[0].isEmpty
        let closes = groups[groups.count - 1].isEmpty
        if opens { groups.removeFirst() }
        if closes { groups.removeLast() }
        let gaps = groups.count { $0.isEmpty }
        let isShaped = gaps == 0 ? groups.count == 8 : gaps == 1 && groups.count <= 8
        let endsAreGaps =
            (!opens || groups.first?.isEmpty ?? false) && (!closes || groups.last?.isEmpty ?? false)
        return isShaped && endsAreGaps
            && groups.allSatisfy { $0.count <= 4 && $0.allSatisfy(Self.isHex) }
    }

    var isUUID: Bool {
        let parts = parts(by: "-")
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.allSatisfy(Self.isHex) }
    }
}
