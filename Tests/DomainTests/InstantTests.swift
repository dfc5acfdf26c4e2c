import Testing

@testable import Domain

struct InstantTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"),
            (1, "1970-01-01T00:00:00.000001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (1_795_222_800_123_456, "2026-11-21T01:00:00.123456Z"),
            (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        ] as [(Int64, String)]
    )
    func `a moment is written as RFC 3339 and read back`(microseconds: Int64, text: String) throws {
        #expect(Instant(microseconds: microseconds).description == text)
        #expect(try Instant(parsing: text).microseconds == microseconds)
    }

    @Test(arguments: [
        ("2026-11-21T02:00:00+01:00", "2026-11-21T01:00:00.000000Z"),
        ("2026-11-20T19:30:00.5-05:30", "2026-11-21T01:00:00.500000Z"),
        ("2026-11-21t01:00:00z", "2026-11-21T01:00:00.000000Z"),
        ("2026-11-21T01:00:00.1234567899Z", "2026-11-21T01:00:00.123456Z"),
    ])
    func `offsets and decimals are taken into account`(text: String, utc: String) throws {
        #expect(try Instant(parsing: text).description == utc)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21 01:00:00Z", "2026-11-21T01:00:00", "2026-11-21T01:00Z",
        "2026-11-21T01:00:00.Z", "2026-11-21T01:00:00ZZ", "+026-11-21T01:00:00Z",
        "2026-1-21T01:00:00Z", "2026-11-21T01:00:00+1:00", " 2026-11-21T01:00:00Z",
        "2026-11-21T01:00:00\u{0660}Z",
    ])
    func `a text of another shape is malformed`(text: String) {
        #expect(throws: InstantFault.malformed) { try Instant(parsing: text) }
    }

    @Test(arguments: [
        "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T00:60:00Z", "2016-12-31T23:59:60Z", "2026-11-21T00:00:00+24:00",
    ])
    func `a date or time that does not exist is out of range`(text: String) {
        #expect(throws: InstantFault.outOfRange) { try Instant(parsing: text) }
    }

    @Test func `durations move a moment and lie between two`() {
        let start = Instant(microseconds: 1_000_000)
        let end = start.advanced(by: .seconds(90) + .microseconds(7))
        #expect(end.microseconds == 91_000_007)
        #expect(end - start == .microseconds(90_000_007))
        #expect(start.advanced(by: .seconds(-2)).microseconds == -1_000_000)
        #expect(start < end)
    }

    @Test func `every day of 800 years comes back from its number`() {
        var previous: CivilDate?
        for day in Int64(-146_097)...146_097 {
            let date = CivilDate(daysSince1970: day)
            #expect(date.daysSince1970 == day)
            if let previous {
                #expect(
                    (previous.year, previous.month, previous.day)
                        < (date.year, date.month, date.day)
                )
            }
            previous = date
        }
    }
}
