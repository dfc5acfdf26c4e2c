/// What the caller prefers (RFC 7240); what is unknown or malformed is ignored (§2).
struct Preferences: Sendable, Hashable {
    /// The longest that an answer is held: 60 seconds.
    static let waitMax = 60

    /// Seconds to hold the answer until the work ends; nil where it should come at once.
    private(set) var wait: Int?
    /// Whether the caller asked not to wait.
    private(set) var isAsynchronous = false

    /// No preference.
    static let none = Preferences(parsing: [])

    init(parsing lines: [String]) {
        for line in lines {
            for part in line.utf8.split(separator: UInt8(ascii: ",")) {
                read(String(decoding: part, as: UTF8.self))
            }
        }
        // RFC 7240 §4.3: both together wait as long as `wait` says and answer then.
    }

    private mutating func read(_ preference: String) {
        let name = preference.split(separator: ";", maxSplits: 1).first ?? ""
        let halves = name.split(separator: "=", maxSplits: 1).map(Self.trimmed)
        // RFC 7240 §2: of a preference given twice the first counts.
        switch (halves.first?.lowercased(), halves.count) {
        case ("respond-async", 1): isAsynchronous = true
        case ("wait", 2) where wait == nil: wait = Self.seconds(halves[1])
        default: break
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let blanks: Set<Character> = [" ", "\t"]
        let front = text.drop { blanks.contains($0) }
        let end = front.lastIndex { !blanks.contains($0) }
        return end.map { String(front[...$0]) } ?? ""
    }

    private static func seconds(_ text: String) -> Int? {
        var digits = Substring(text)
        if digits.count >= 2, digits.hasPrefix("\""), digits.hasSuffix("\"") {
            digits = digits.dropFirst().dropLast()
        }
        guard !digits.isEmpty, digits.utf8.count <= 9,
            digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { return nil }
        return Int(digits).map { min($0, waitMax) }
    }
}
