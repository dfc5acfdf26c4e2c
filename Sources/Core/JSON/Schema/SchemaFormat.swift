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
