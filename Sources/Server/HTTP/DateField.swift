/// The Date field (RFC 9110 §6.6.1), made once for each second.
struct DateField {
    private static let days: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private var second = -1
    private var line: [UInt8] = []

    /// Appends `Date: Sun, 06 Nov 1994 08:49:37 GMT` and CRLF for `second` since 1970.
    mutating func append(to buffer: ByteBuffer, second: Int) {
        if second != self.second {
            self.second = second
            line = Array("Date: \(DateField.text(second))\r\n".utf8)
        }
        line.withUnsafeBytes { buffer.append($0) }
    }

    /// IMF-fixdate (RFC 9110 §5.6.7).
    static func text(_ second: Int) -> String {
        let days = second / 86_400
        let (year, month, day) = civil(days)
        let time = second % 86_400
        return """
            \(DateField.days[days % 7]), \(two(day)) \(months[month - 1]) \(year) \
            \(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60)) GMT
            """
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    /// The date that is `days` after 1970-01-01, by counting 400-year cycles from 0000-03-01.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let cycle = shifted / 146_097
        let ofCycle = shifted % 146_097
        let yearOfCycle =
            (ofCycle - ofCycle / 1_460 + ofCycle / 36_524 - ofCycle / 146_096) / 365
        let ofYear = ofCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
