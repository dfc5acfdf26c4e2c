/// When clocks of a region are how far ahead of UTC: what the file of a zone in the IANA time zone
/// database says (RFC 9636).
package struct TimeZoneRules: Sendable, Hashable {
    /// The most transitions that a file may list; the longest of today's has some 250.
    package static let transitionsMax = 4_096

    /// The moments at which the offset changes, in seconds since 1970, ascending.
    private let moments: [Int64]
    /// The offset from each of those moments on, in seconds east of UTC.
    private let offsets: [Int]
    /// The offset before the first.
    private let first: Int
    /// What holds after the last; nil where the last offset stays.
    private let forever: RecurringOffsets?

    /// UTC.
    package static let utc = TimeZoneRules(moments: [], offsets: [], first: 0, forever: nil)

    init(moments: [Int64], offsets: [Int], first: Int, forever: RecurringOffsets?) {
        self.moments = moments
        self.offsets = offsets
        self.first = first
        self.forever = forever
    }

    /// How far ahead of UTC clocks are then, in seconds.
    package func offset(at moment: Instant) -> Int {
        let seconds = moment.secondsSince1970
        guard let last = moments.last else { return forever?.offset(at: seconds) ?? first }
        if seconds >= last, let forever { return forever.offset(at: seconds) }
        var low = 0
        var high = moments.count
        while low < high {
            let middle = (low + high) / 2
            if moments[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }

    /// The moment at which clocks show that minute of that day.
    ///
    /// A time that is skipped in spring is the moment at which it is skipped; one that comes twice
    /// in autumn is the first.
    package func moment(ofDay day: Int64, minute: Int) -> Instant {
        let local = day * 86_400 + Int64(minute) * 60
        // Offsets are less than 26 hours, and none changes twice within two days.
        let candidates = [local - 93_600, local + 93_600]
            .map { local - Int64(offset(at: Instant(secondsSince1970: $0))) }
        let right = candidates.filter { candidate in
            candidate + Int64(offset(at: Instant(secondsSince1970: candidate))) == local
        }
        if let found = right.min() { return Instant(secondsSince1970: found) }
        return Instant(secondsSince1970: skip(around: candidates.min() ?? local, shows: local))
    }

    /// The day, counted from 1970-01-01, and the minute of it that clocks show then.
    package func local(at moment: Instant) -> (day: Int64, minute: Int) {
        let seconds = moment.secondsSince1970 + Int64(offset(at: moment))
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        return (day, Int(seconds - day * 86_400) / 60)
    }

    /// The second in which clocks jump over a local time.
    private func skip(around start: Int64, shows local: Int64) -> Int64 {
        var low = start - 10_800
        var high = start + 10_800
        while low < high {
            let middle = low + (high - low) / 2
            let shown = middle + Int64(offset(at: Instant(secondsSince1970: middle)))
            if shown >= local { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Where the rules of time zones come from.
package protocol TimeZoneSource: Sendable {
    /// The rules of a zone by its IANA name, such as `Europe/Berlin`.
    func rules(of zone: String) throws(TimeZoneAbsence) -> TimeZoneRules
}

/// Why the rules of a time zone are not to be had.
package enum TimeZoneAbsence: Error, Equatable, Sendable {
    /// There is no zone of that name.
    case unknown(String)
    /// The server has no database of time zones where it looks for one.
    case noDatabase(directory: String)
    /// The zone is there, but what is written there cannot be read.
    case unreadable(String)

    /// What is wrong, as a sentence for people.
    package var detail: String {
        switch self {
        case .unknown(let zone):
            "There is no time zone \(zone). Expected an IANA name such as `Europe/Berlin`."
        case .noDatabase(let directory):
            "This server knows no time zones: there is no \(directory). Whoever runs it installs "
                + "the package `tzdata`; until then only `UTC` can be used."
        case .unreadable(let zone):
            "The time zone database of this server says nothing that makes sense of \(zone)."
        }
    }
}

extension Instant {
    /// Whole seconds since 1970, rounded down.
    var secondsSince1970: Int64 {
        microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000
    }

    /// The moment that many seconds after 1970 began.
    init(secondsSince1970 seconds: Int64) {
        self.init(microseconds: seconds * 1_000_000)
    }
}
