import Testing

@testable import Domain

struct ActiveHoursTests {
    static let workdays: Set<ActiveHours.Weekday> = [
        .monday, .tuesday, .wednesday, .thursday, .friday,
    ]

    static func hours(
        _ days: Set<ActiveHours.Weekday> = workdays,
        _ from: Int = 480,
        _ to: Int = 1_200
    ) -> ActiveHours {
        ActiveHours(timeZone: "Europe/Berlin", days: days, from: from, to: to)
    }

    private func next(_ hours: ActiveHours, after text: String) throws -> String? {
        let berlin = try TimeZoneRulesTests.zone("CET-1CEST,M3.5.0,M10.5.0/3")
        return hours.nextChange(after: try Instant(parsing: text), in: berlin)
            .map { String($0.description.prefix(16)) }
    }

    @Test(arguments: [
        // Monday morning, over the weekend, and over both changes of the clocks.
        ("2026-11-16T05:00:00Z", "2026-11-16T07:00"),
        ("2026-11-16T07:00:00Z", "2026-11-16T19:00"),
        ("2026-11-20T19:00:00Z", "2026-11-23T07:00"),
        ("2026-03-27T19:00:00Z", "2026-03-30T06:00"),
        ("2026-10-23T18:00:00Z", "2026-10-26T07:00"),
        ("2024-02-28T19:00:00Z", "2024-02-29T07:00"),
        ("2026-12-31T19:00:00Z", "2027-01-01T07:00"),
    ])
    func `hours begin and end by the clocks of their zone`(after: String, change: String) throws {
        #expect(try next(Self.hours(), after: after) == change)
    }

    @Test func `hours that end before they begin last over midnight`() throws {
        let nights = Self.hours([.friday], 1_320, 120)
        #expect(try next(nights, after: "2026-11-20T20:00:00Z") == "2026-11-20T21:00")
        #expect(try next(nights, after: "2026-11-20T21:00:00Z") == "2026-11-21T01:00")
        let berlin = try TimeZoneRulesTests.zone("CET-1CEST,M3.5.0,M10.5.0/3")
        #expect(nights.contains(try Instant(parsing: "2026-11-21T00:59:59Z"), in: berlin))
        #expect(!nights.contains(try Instant(parsing: "2026-11-21T01:00:00Z"), in: berlin))
    }

    @Test func `where one day ends as the next begins nothing changes`() throws {
        let always = Self.hours(Set(ActiveHours.Weekday.allCases), 0, 0)
        #expect(try next(always, after: "2026-11-16T05:00:00Z") == nil)
        let days = Self.hours(Self.workdays, 0, 1_440)
        #expect(try next(days, after: "2026-11-16T05:00:00Z") == "2026-11-20T23:00")
    }

    @Test func `without days they never begin`() throws {
        #expect(try next(Self.hours([]), after: "2026-11-16T05:00:00Z") == nil)
    }

    @Test func `hours in the night of the change are as long as clocks make them`() throws {
        let night = Self.hours([.sunday], 60, 240)
        #expect(try next(night, after: "2026-03-29T00:00:00Z") == "2026-03-29T02:00")
        #expect(try next(night, after: "2026-10-24T23:00:00Z") == "2026-10-25T03:00")
        let skipped = Self.hours([.sunday], 120, 180)
        #expect(try next(skipped, after: "2026-03-28T12:00:00Z") == "2026-04-05T00:00")
    }

    @Test(arguments: [("00:00", 0), ("08:30", 510), ("23:59", 1_439), ("24:00", 1_440)])
    func `times of day are hours and minutes`(text: String, minute: Int) {
        #expect(ActiveHours.minute(of: text) == minute)
        #expect(ActiveHours.text(ofMinute: minute) == text)
    }

    @Test(arguments: ["", "8:30", "24:01", "25:00", "12:60", "1230", "12:3a", "-1:00", "12:300"])
    func `other texts are no time of day`(text: String) {
        #expect(ActiveHours.minute(of: text) == nil)
    }
}
