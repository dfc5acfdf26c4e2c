/// The values of `format` that can be checked when formats are rules.
enum SchemaFormat: String, Sendable {
    case date
    case time
    case dateTime = "date-time"
    case email
    case hostname
    case ipv4
    case ipv6
    case uuid
    case uri
    case jsonPointer = "json-pointer"
    case regex

    var inWords: String {
        switch self {
        case .date: "a date like 2026-01-31"
        case .time: "a time of day like 13:45:00Z"
        case .dateTime: "a date and time like 2026-01-31T13:45:00Z"
        case .email: "an e-mail address like name@example.com"
        case .hostname: "a host name like host.example.com"
        case .ipv4: "an IPv4 address like 192.0.2.1"
        case .ipv6: "an IPv6 address like 2001:db8::1"
        case .uuid: "a UUID like 0190163d-8694-739b-aea5-966c26f8ad90"
        case .uri: "a URI like https://example.com/path"
        case .jsonPointer: "a JSON Pointer like /spec/name"
        case .regex: "a regular expression without look-around and back-references"
        }
    }

    func allows(_ text: String) -> Bool {
        switch self {
        case .date: FormatText(text).isDate
        case .time: FormatText(text).isTime
        case .dateTime: FormatText(text).isDateTime
        case .email: FormatText(text).isEmail
        case .hostname: FormatText(text).isHostname
        case .ipv4: FormatText(text).isIPv4
        case .ipv6: FormatText(text).isIPv6
        case .uuid: FormatText(text).isUUID
        case .uri: FormatText(text).isURI
        case .jsonPointer: JSONPointer(parsing: text) != nil
        case .regex: isPattern(text)
        }
    }

    private func isPattern(_ text: String) -> Bool {
        do {
            _ = try TextPattern(parsing: text)
            return true
        } catch {
            return false
        }
    }
}

/// A text looked at byte by byte.
private struct FormatText {
    private let bytes: [UInt8]

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    private init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

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

    /// The addresses that mail servers take: a plain local part and a host name.
    var isEmail: Bool {
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), (1...64).contains(at) else {
            return false
        }
        let atoms = FormatText(bytes[..<at]).parts(by: ".")
        let isLocal = atoms.allSatisfy { atom in
            !atom.isEmpty
                && atom.allSatisfy {
                    Self.isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0)
                }
        }
        return isLocal && FormatText(bytes[(at + 1)...]).isHostname
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
    }

    private static func isHex(_ byte: UInt8) -> Bool {
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

    /// RFC 3986 §3: a scheme, a colon, and nothing that must have been percent-encoded.
    var isURI: Bool {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            (bytes[0] | 0x20) &- 0x61 < 26,
            bytes[..<colon].allSatisfy({ Self.isAlphanumeric($0) || "+-.".utf8.contains($0) })
        else { return false }
        var rest = bytes[(colon + 1)...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.prefix(2).count == 2, rest.prefix(2).allSatisfy(Self.isHex) else {
                    return false
                }
            } else if !Self.isAlphanumeric(byte),
                !"-._~:/?#[]@!$&'()*+,;=".utf8.contains(byte)
            {
                return false
            }
        }
        return true
    }
}
