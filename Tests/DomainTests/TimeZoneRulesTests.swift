import Testing

@testable import Domain

struct TimeZoneRulesTests {
    static func zone(_ text: String) throws -> TimeZoneRules {
        TimeZoneRules(
            moments: [],
            offsets: [],
            first: 0,
            forever: try RecurringOffsets(parsing: text)
        )
    }

    @Test(arguments: [
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 3_600),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 7_200),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T01:00:00Z", 7_200),
        // South of the equator summer lasts over the new year.
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39_600),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 36_000),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-12-31T23:00:00Z", 39_600),
        // Ireland's winter is what changes.
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-12-01T00:00:00Z", 0),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3_600),
        // Hours before midnight and beyond a day (RFC 9636 §3.3.1).
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7_200),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3_600),
        ("EST5EDT,0/0,J365/25", "2026-08-01T00:00:00Z", -14_400),
        // The 60th day with and without 29 February.
        ("XXX0YYY,J60/0,J300", "2024-02-29T12:00:00Z", 0),
        ("XXX0YYY,J60/0,J300", "2024-03-01T00:00:00Z", 3_600),
        ("XXX0YYY,59/0,J300", "2024-02-29T00:00:00Z", 3_600),
        ("<+0530>-5:30", "2026-08-01T00:00:00Z", 19_800),
    ])
    func `the rules that come back each year hold`(
        rules: String,
        moment: String,
        offset: Int
    ) throws {
        #expect(try Self.zone(rules).offset(at: Instant(parsing: moment)) == offset)
    }

    @Test(arguments: [
        "", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5", "CET-200",
        "CET-1CEST,M3.5.0,M10.5.0/3x", "<CET-1", "CET-1CEST,366,J5", "CET-1:60",
    ])
    func `what makes no sense is refused`(text: String) {
        #expect(throws: TimeZoneFault.self) { _ = try RecurringOffsets(parsing: text) }
    }

    @Test(arguments: [
        // The hour that is skipped, and the one that comes twice.
        ("2026-03-29", 150, "2026-03-29T01:00:00Z"),
        ("2026-03-29", 180, "2026-03-29T01:00:00Z"),
        ("2026-03-29", 119, "2026-03-29T00:59:00Z"),
        ("2026-10-25", 150, "2026-10-25T00:30:00Z"),
        ("2026-10-25", 180, "2026-10-25T02:00:00Z"),
        ("2024-02-29", 480, "2024-02-29T07:00:00Z"),
        ("2026-07-01", 1_440, "2026-07-01T22:00:00Z"),
    ])
    func `a time of day is one moment`(day: String, minute: Int, moment: String) throws {
        let berlin = try Self.zone("CET-1CEST,M3.5.0,M10.5.0/3")
        let start = try Instant(parsing: "\(day)T00:00:00Z").secondsSince1970 / 86_400
        let expected = try Instant(parsing: moment)
        #expect(berlin.moment(ofDay: start, minute: minute) == expected)
    }

    @Test func `a file is read, and refused wherever it is cut short`() throws {
        let file = Self.file(
            times: [(-1_000, 1), (1_000, 0)],
            offsets: [3_600, 7_200],
            footer: "CET-1CEST,M3.5.0,M10.5.0/3"
        )
        let rules = try TimeZoneRules(parsing: file)
        #expect(rules.offset(at: Instant(secondsSince1970: -1_001)) == 3_600)
        #expect(rules.offset(at: Instant(secondsSince1970: -1_000)) == 7_200)
        #expect(rules.offset(at: Instant(secondsSince1970: 1_000)) == 3_600)
        for length in 0..<file.count {
            #expect(throws: TimeZoneFault.self) {
                _ = try TimeZoneRules(parsing: Array(file.prefix(length)))
            }
        }
    }

    @Test func `a file that contradicts itself is refused`() {
        let cases = [
            Self.file(times: [(5, 0), (5, 0)], offsets: [0], footer: ""),
            Self.file(times: [(5, 1)], offsets: [0], footer: ""),
            Self.file(times: [], offsets: [200_000], footer: ""),
            Self.file(times: [], offsets: [], footer: ""),
            Self.file(times: [], offsets: [0], footer: "nonsense"),
            [UInt8](repeating: 0, count: TimeZoneRules.fileBytesMax + 1),
        ]
        for file in cases {
            #expect(throws: TimeZoneFault.self) { _ = try TimeZoneRules(parsing: file) }
        }
    }

    /// A TZif file of version 2 whose first block is empty.
    private static func file(
        times: [(moment: Int64, type: UInt8)],
        offsets: [Int32],
        footer: String
    ) -> [UInt8] {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.bigEndian) { Array($0) }
        }
        func header(_ times: Int, _ types: Int) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
                + [0, 0, 0, times, types, 4].flatMap { bytes(Int32($0)) }
        }
        return header(0, 0) + Array("UTC\0".utf8) + header(times.count, offsets.count)
            + times.flatMap { bytes($0.moment) } + times.map(\.type)
            + offsets.flatMap { bytes($0) + [0, 0] } + Array("UTC\0".utf8)
            + Array("\n\(footer)\n".utf8)
    }
}
