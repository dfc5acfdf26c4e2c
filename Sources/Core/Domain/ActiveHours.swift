/// The hours in which an environment is awake, as people of one region read their clocks.
package struct ActiveHours: Sendable, Hashable {
    /// A day of the week.
    package enum Weekday: String, Sendable, CaseIterable {
        case monday = "mon"
        case tuesday = "tue"
        case wednesday = "wed"
        case thursday = "thu"
        case friday = "fri"
        case saturday = "sat"
        case sunday = "sun"
    }

    /// The minutes of a day.
    package static let minutesADay = 1_440

    /// The IANA name of the time zone, such as `Europe/Berlin`.
    package var timeZone: String
    /// The days on which the hours begin.
    package var days: Set<Weekday>
    /// The minute of the day at which they begin.
    package var from: Int
    /// The minute of the day at which they end; of the next day where it is not after `from`.
    package var to: Int

    /// Those hours of those days.
    package init(timeZone: String, days: Set<Weekday>, from: Int, to: Int) {
        self.timeZone = timeZone
        self.days = days
        self.from = from
        self.to = to
    }

    /// Whether the moment is within the hours.
    package func contains(_ moment: Instant, in zone: TimeZoneRules) -> Bool {
        spans(around: moment, in: zone).contains { $0.start <= moment && moment < $0.end }
    }

    /// The next moment after that at which the hours begin or end; nil where they never do.
    package func nextChange(after moment: Instant, in zone: TimeZoneRules) -> Instant? {
        let spans = spans(around: moment, in: zone)
        // Behind the last span that was looked at, nothing is known.
        let edges = spans.flatMap { [$0.start, $0.end] }
            .filter { $0 > moment && $0 < spans.last?.end ?? moment }.sorted()
        // Where one day's hours end as the next day's begin, nothing changes.
        return edges.first { edge in
            let isAfter = spans.contains { $0.start <= edge && edge < $0.end }
            let isBefore = spans.contains { $0.start < edge && edge <= $0.end }
            return isAfter != isBefore
        }
    }

    /// The hours that began yesterday or begin within the next two weeks: those of one week may
    /// fall into an hour that clocks skip.
    private func spans(
        around moment: Instant,
        in zone: TimeZoneRules
    ) -> [(start: Instant, end: Instant)] {
        let today = zone.local(at: moment).day
        return (today - 1...today + 15).compactMap { day in
            guard days.contains(Weekday(ofDay: day)) else { return nil }
            let start = zone.moment(ofDay: day, minute: from)
            let end = zone.moment(ofDay: from < to ? day : day + 1, minute: to)
            return start < end ? (start, end) : nil
        }
    }
}

extension ActiveHours.Weekday {
    /// The weekday of a day counted from 1970-01-01, a Thursday.
    init(ofDay day: Int64) {
        let index = Int((day + 3) % 7)
        self = Self.allCases[index < 0 ? index + 7 : index]
    }
}

extension ActiveHours {
    /// The minute of the day that `08:30` or `24:00` names; nil where it names none.
    package static func minute(of text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int($0) - 48 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let hours = digits[0] * 10 + digits[1]
        let minutes = digits[2] * 10 + digits[3]
        guard hours < 24 && minutes < 60 || hours == 24 && minutes == 0 else { return nil }
        return hours * 60 + minutes
    }

    /// A minute of the day as `minute(of:)` reads it.
    package static func text(ofMinute minute: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minute / 60)):\(two(minute % 60))"
    }
}
