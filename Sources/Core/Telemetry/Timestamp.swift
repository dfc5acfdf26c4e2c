internal import JSON

extension [UInt8] {
    /// Appends an instant in UTC by RFC 3339 with microseconds: `2026-11-21T01:00:00.000001Z`.
    package mutating func appendTimestamp(microsecondsSince1970: Int64) {
        let (days, ofDay) = microsecondsSince1970.flooredQuotientAndRest(by: 86_400_000_000)
        let (year, month, day) = civilDate(daysSince1970: days)
        let seconds = ofDay / 1_000_000
        appendYear(year)
        append(UInt8(ascii: "-"))
        appendTwoDigits(month)
        append(UInt8(ascii: "-"))
        appendTwoDigits(day)
        append(UInt8(ascii: "T"))
        appendTwoDigits(seconds / 3_600)
        append(UInt8(ascii: ":"))
        appendTwoDigits(seconds / 60 % 60)
        append(UInt8(ascii: ":"))
        appendTwoDigits(seconds % 60)
        append(UInt8(ascii: "."))
        let microseconds = ofDay % 1_000_000
        appendTwoDigits(microseconds / 10_000)
        appendTwoDigits(microseconds / 100 % 100)
        appendTwoDigits(microseconds % 100)
        append(UInt8(ascii: "Z"))
    }

    /// Appends a year in at least four digits.
    private mutating func appendYear(_ year: Int64) {
        guard (0..<10_000).contains(year) else { return appendDigits(of: year) }
        appendTwoDigits(year / 100)
        appendTwoDigits(year % 100)
    }

    /// Appends a number below 100.
    private mutating func appendTwoDigits(_ value: Int64) {
        append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / 10))
        append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value % 10))
    }
}

extension Int64 {
    fileprivate func flooredQuotientAndRest(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}

/// Year, month and day in the proleptic Gregorian calendar, by counting in cycles of 400 years
/// that begin on 1 March, so that the leap day is the last of its year.
private func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let daysACycle: Int64 = 146_097
    let (cycle, dayOfCycle) = (daysSince1970 + 719_468).flooredQuotientAndRest(by: daysACycle)
    let yearOfCycle =
        (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month, day)
}
