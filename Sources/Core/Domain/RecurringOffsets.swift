/// The offsets that come back each year: the `TZ` string at the end of a zone's file (POSIX.1-2024
/// §8.3, with the hours of RFC 9636 §3.3.1), such as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct RecurringOffsets: Sendable, Hashable {
    /// A day of the year and the time at which clocks change on it.
    struct Change: Sendable, Hashable {
        /// How the day is told.
        enum Day: Sendable, Hashable {
            /// The n-th such weekday of the month; the fifth is the last.
            case weekday(Int, week: Int, month: Int)
            /// The n-th day of the year, from 1, without 29 February.
            case julian(Int)
            /// The n-th day of the year, from 0, with 29 February.
            case ordinal(Int)
        }

        var day: Day
        /// Seconds after midnight as clocks show it before the change.
        var seconds: Int
    }

    /// Standard time, in seconds east of UTC.
    let standard: Int
    /// Summer time; nil where there is none.
    let summer: Int?
    /// When summer time begins.
    let begins: Change?
    /// When it ends.
    let ends: Change?

    /// How far ahead of UTC clocks are then, in seconds.
    func offset(at seconds: Int64) -> Int {
        guard let summer, let begins, let ends else { return standard }
        let local = seconds + Int64(standard)
        let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        let year = CivilDate(daysSince1970: days).year
        let start = begins.moment(in: year) - Int64(standard)
        let end = ends.moment(in: year) - Int64(summer)
        let isSummer =
            start < end ? (start..<end).contains(seconds) : !(end..<start).contains(seconds)
        return isSummer ? summer : standard
    }
}

extension RecurringOffsets.Change {
    /// Seconds since 1970 of the change, as clocks show them before it.
    func moment(in year: Int64) -> Int64 {
        dayNumber(in: year) * 86_400 + Int64(seconds)
    }

    private func dayNumber(in year: Int64) -> Int64 {
        func first(_ month: Int64) -> Int64 {
            CivilDate(year: year, month: month, day: 1)?.daysSince1970 ?? 0
        }
        switch day {
        case .ordinal(let ordinal):
            return first(1) + Int64(ordinal)
        case .julian(let ordinal):
            let isLeap = first(3) - first(2) == 29
            return first(1) + Int64(ordinal - 1) + (isLeap && ordinal > 59 ? 1 : 0)
        case .weekday(let weekday, let week, let month):
            let start = first(Int64(month))
            // 1970-01-01 was a Thursday, the fourth day where Sunday is 0.
            let startsOn = (start + 4) % 7
            var found = start + (Int64(weekday) - (startsOn < 0 ? startsOn + 7 : startsOn) + 7) % 7
            found += Int64(week - 1) * 7
            while CivilDate(daysSince1970: found).month != Int64(month) { found -= 7 }
            return found
        }
    }
}

extension RecurringOffsets {
    /// Reads the `TZ` string.
    init(parsing text: String) throws(TimeZoneFault) {
        var reader = ZoneTextReader(text)
        try reader.name()
        standard = -(try reader.time())
        guard !reader.isAtEnd else {
            summer = nil
            begins = nil
            ends = nil
            return
        }
        try reader.name()
        summer = reader.isAt(",") ? standard + 3_600 : -(try reader.time())
        try reader.expect(",")
        begins = try reader.change()
        try reader.expect(",")
        ends = try reader.change()
        guard reader.isAtEnd else { throw TimeZoneFault() }
    }
}

/// A cursor over a `TZ` string.
private struct ZoneTextReader {
    private var rest: Substring

    init(_ text: String) {
        rest = Substring(text)
    }

    var isAtEnd: Bool { rest.isEmpty }

    func isAt(_ character: Character) -> Bool { rest.first == character }

    mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    mutating func expect(_ character: Character) throws(TimeZoneFault) {
        guard take(character) else { throw TimeZoneFault() }
    }

    /// A name of letters, or of anything between angle brackets.
    mutating func name() throws(TimeZoneFault) {
        if take("<") {
            guard let end = rest.firstIndex(of: ">") else { throw TimeZoneFault() }
            rest = rest[rest.index(after: end)...]
            return
        }
        let letters = rest.prefix { $0.isASCII && $0.isLetter }
        guard letters.count >= 3 else { throw TimeZoneFault() }
        rest = rest.dropFirst(letters.count)
    }

    /// `[+-]hh[:mm[:ss]]`, in seconds; hours reach to 167.
    mutating func time() throws(TimeZoneFault) -> Int {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        var seconds = try number(through: 167) * 3_600
        if take(":") {
            seconds += try number(through: 59) * 60
            if take(":") { seconds += try number(through: 59) }
        }
        return isNegative ? -seconds : seconds
    }

    /// `Mm.w.d`, `Jn` or `n`, each with `/time` or 02:00.
    mutating func change() throws(TimeZoneFault) -> RecurringOffsets.Change {
        let day: RecurringOffsets.Change.Day
        if take("M") {
            let month = try number(through: 12)
            try expect(".")
            let week = try number(through: 5)
            try expect(".")
            let weekday = try number(through: 6)
            guard month > 0, week > 0 else { throw TimeZoneFault() }
            day = .weekday(weekday, week: week, month: month)
        } else if take("J") {
            let ordinal = try number(through: 365)
            guard ordinal > 0 else { throw TimeZoneFault() }
            day = .julian(ordinal)
        } else {
            day = .ordinal(try number(through: 365))
        }
        return RecurringOffsets.Change(day: day, seconds: take("/") ? try time() : 7_200)
    }

    private mutating func number(through most: Int) throws(TimeZoneFault) -> Int {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, digits.count <= 3, let value = Int(digits), value <= most else {
            throw TimeZoneFault()
        }
        rest = rest.dropFirst(digits.count)
        return value
    }
}
