import Domain
import Testing

@testable import TimeZones

struct ZoneDirectoryTests {
    private func offset(_ zone: String, _ moment: String) throws -> Int {
        let rules = try ZoneDirectory().rules(of: zone)
        return rules.offset(at: try Instant(parsing: moment))
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29T00:59:59Z", 3_600),
        ("Europe/Berlin", "2026-03-29T01:00:00Z", 7_200),
        ("Europe/Berlin", "2026-10-25T00:59:59Z", 7_200),
        ("Europe/Berlin", "2026-10-25T01:00:00Z", 3_600),
        ("Europe/Berlin", "1945-06-01T00:00:00Z", 10_800),
        ("Europe/Berlin", "2100-07-01T00:00:00Z", 7_200),
        ("America/New_York", "2026-03-08T07:00:00Z", -14_400),
        ("America/New_York", "2026-12-01T00:00:00Z", -18_000),
        ("Australia/Lord_Howe", "2026-07-01T00:00:00Z", 37_800),
        ("Australia/Lord_Howe", "2026-12-01T00:00:00Z", 39_600),
        ("Asia/Kolkata", "2026-07-01T00:00:00Z", 19_800),
        ("Asia/Kathmandu", "2026-07-01T00:00:00Z", 20_700),
        ("Pacific/Kiritimati", "2026-07-01T00:00:00Z", 50_400),
        ("Africa/Casablanca", "2026-12-01T00:00:00Z", 3_600),
        ("Europe/Dublin", "2026-12-01T00:00:00Z", 0),
        ("Europe/Dublin", "2026-07-01T00:00:00Z", 3_600),
        ("UTC", "2026-07-01T00:00:00Z", 0),
    ])
    func `zones have the offsets of their files`(
        zone: String,
        moment: String,
        offset: Int
    ) throws {
        #expect(try self.offset(zone, moment) == offset)
    }

    @Test(arguments: [
        "Europe/Nowhere", "America", "../../etc/passwd", "/etc/passwd", "Europe/../UTC", "",
        "Europe//Berlin", "zone.tab", "Europe/Berlin/", "posixrules",
    ])
    func `what is no zone is told as such, and no way out of the directory`(zone: String) {
        #expect(throws: TimeZoneAbsence.unknown(zone)) {
            _ = try ZoneDirectory().rules(of: zone)
        }
    }

    @Test func `without a database only UTC is known, and the fault says what to install`() throws {
        let nowhere = ZoneDirectory("/nowhere/zoneinfo")
        #expect(try nowhere.rules(of: "UTC") == .utc)
        let fault = TimeZoneAbsence.noDatabase(directory: "/nowhere/zoneinfo")
        #expect(throws: fault) { _ = try nowhere.rules(of: "Europe/Berlin") }
        #expect(fault.detail.contains("tzdata"))
    }
}
