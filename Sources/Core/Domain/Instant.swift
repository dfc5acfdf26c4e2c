/// A moment in time: whole microseconds since 1970 in UTC, the resolution that PostgreSQL keeps.
package struct Instant: Sendable, Hashable, Comparable {
    /// Microseconds since 1970, negative before.
    package let microseconds: Int64

    /// The moment that many microseconds after 1970.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Compares two moments; the earlier one is less.
    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The time from the right moment to the left one, negative where the left one is earlier.
    package static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }

    /// The moment that much later; parts of a microsecond are dropped.
    package func advanced(by duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        return Instant(
            microseconds: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        )
    }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC with six decimals, 27 characters: `2026-11-21T00:58:02.000000Z`.
    package var description: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The text form as bytes, for writers that need no `String`.
    package var bytes: [UInt8] {
        let day = microseconds.floorDivided(by: CivilDate.microsecondsADay)
        let rest = microseconds - day * CivilDate.microsecondsADay
        let date = CivilDate(daysSince1970: day)
        let seconds = rest / 1_000_000
        var text: [UInt8] = []
        text.reserveCapacity(27)
        text.appendDecimal(date.year, width: 4)
        text.append(UInt8(ascii: "-"))
        text.appendDecimal(date.month, width: 2)
        text.append(UInt8(ascii: "-"))
        text.appendDecimal(date.day, width: 2)
        text.append(UInt8(ascii: "T"))
        text.appendDecimal(seconds / 3600, width: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDecimal(seconds / 60 % 60, width: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDecimal(seconds % 60, width: 2)
        text.append(UInt8(ascii: "."))
        text.appendDecimal(rest % 1_000_000, width: 6)
        text.append(UInt8(ascii: "Z"))
        return text
    }
}

/// Why a text is no moment in time.
package enum InstantFault: Error, Equatable {
    /// The text does not have the shape of RFC 3339 §5.6, such as `2026-11-21T00:58:02Z`.
    case malformed
    /// The text has the shape, but there is no such date, time or offset.
    case outOfRange
}

extension Instant {
    /// Reads RFC 3339 `date-time`; decimals past the sixth are dropped, a leap second is refused.
    package init(parsing text: String) throws(InstantFault) {
        var reader = DigitReader(Array(text.utf8))
        let year = try reader.digits(4)
        try reader.expect("-")
        let month = try reader.digits(2)
        try reader.expect("-")
        let day = try reader.digits(2)
        guard reader.take("T") || reader.take("t") else { throw .malformed }
        let hour = try reader.digits(2)
        try reader.expect(":")
        let minute = try reader.digits(2)
        try reader.expect(":")
        let second = try reader.digits(2)
        let fraction = reader.take(".") ? try reader.fraction() : 0
        let offset = try reader.offset()
        guard reader.isAtEnd else { throw .malformed }
        guard let date = CivilDate(year: year, month: month, day: day),
            hour < 24, minute < 60, second < 60
        else { throw .outOfRange }
        let clock = hour * 3600 + minute * 60 + second - offset * 60
        self.init(
            microseconds: date.daysSince1970 * CivilDate.microsecondsADay + clock * 1_000_000
                + fraction
        )
    }
}

/// A cursor over the bytes of an RFC 3339 text that knows digits from everything else.
private struct DigitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(InstantFault) {
        guard take(character) else { throw .malformed }
    }

    mutating func digits(_ count: Int) throws(InstantFault) -> Int64 {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { throw .malformed }
            value = value * 10 + digit
        }
        return value
    }

    /// The decimals after the point, as microseconds.
    mutating func fraction() throws(InstantFault) -> Int64 {
        var value: Int64 = 0
        var count = 0
        while let digit = digit() {
            if count < 6 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { throw .malformed }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    /// The offset from UTC in minutes; `Z` is none.
    mutating func offset() throws(InstantFault) -> Int64 {
        if take("Z") || take("z") { return 0 }
        let isAhead = take("+")
        guard isAhead || take("-") else { throw .malformed }
        let hours = try digits(2)
        try expect(":")
        let minutes = try digits(2)
        guard hours < 24, minutes < 60 else { throw .outOfRange }
        return (hours * 60 + minutes) * (isAhead ? 1 : -1)
    }

    private mutating func digit() -> Int64? {
        guard position < bytes.count,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
        else { return nil }
        defer { position += 1 }
        return Int64(bytes[position] - UInt8(ascii: "0"))
    }
}

extension [UInt8] {
    /// Appends a number that is not negative, with leading zeros up to the width.
    fileprivate mutating func appendDecimal(_ value: Int64, width: Int) {
        var divisor: Int64 = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity, so that days before 1970 come out right.
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
