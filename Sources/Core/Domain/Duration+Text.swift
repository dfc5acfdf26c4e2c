/// Why a text is no length of time.
package enum DurationFault: Error, Equatable {
    /// The text is not numbers with units, such as `90s`, `72h` or `1h30m`.
    case malformed
    /// The text stands for more than a hundred years.
    case tooLong

    /// What is wrong, as a sentence for the caller.
    package var detail: String {
        switch self {
        case .malformed: "Expected a length of time such as `90s`, `15m`, `1h30m`, `72h` or `14d`."
        case .tooLong: "Nothing here takes more than a hundred years."
        }
    }
}

extension Duration {
    /// More would not fit the calendar that moments are written in.
    private static let secondsMax: Int64 = 100 * 366 * 86_400
    /// The units, the biggest first, with their seconds.
    private static let units: [(letter: Character, seconds: Int64)] = [
        ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    /// Reads whole numbers with the units `d`, `h`, `m` and `s`, each at most once and the biggest
    /// first; a day has 24 hours.
    package init(lengthParsing text: String) throws(DurationFault) {
        guard text.utf8.count <= 40 else { throw .malformed }
        var rest = Substring(text)
        var total: Int64 = 0
        for unit in Self.units {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty, rest.dropFirst(digits.count).first == unit.letter else {
                continue
            }
            guard let count = Int64(digits), count <= Self.secondsMax else { throw .tooLong }
            total += count * unit.seconds
            rest = rest.dropFirst(digits.count + 1)
        }
        guard rest.isEmpty, !text.isEmpty else { throw .malformed }
        guard total <= Self.secondsMax else { throw .tooLong }
        self = .seconds(total)
    }

    /// The text that `init(lengthParsing:)` reads, with whole seconds: `1h30m`, `14d`, `0s`.
    ///
    /// Days are written only where nothing is left over, so that `72h` stays near what was said.
    package var lengthText: String {
        var seconds = components.seconds
        guard seconds > 0 else { return "0s" }
        if seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        var text = ""
        for unit in Self.units.dropFirst() where seconds >= unit.seconds {
            text += "\(seconds / unit.seconds)\(unit.letter)"
            seconds %= unit.seconds
        }
        return text
    }
}
