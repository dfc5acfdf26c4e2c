import Testing

@testable import Domain

struct DurationTextTests {
    @Test(
        arguments: [
            ("90s", 90, "1m30s"), ("15m", 900, "15m"), ("72h", 259_200, "3d"),
            ("14d", 1_209_600, "14d"),
            ("1h30m", 5_400, "1h30m"), ("1d12h", 129_600, "36h"), ("0s", 0, "0s"),
            ("0d0h", 0, "0s"),
            ("36600d", 3_162_240_000, "36600d"), ("007m", 420, "7m"), ("25h1s", 90_001, "25h1s"),
        ] as [(String, Int64, String)]
    )
    func `lengths are numbers with units`(text: String, seconds: Int64, again: String) throws {
        let length = try Duration(lengthParsing: text)
        #expect(length == .seconds(seconds))
        #expect(length.lengthText == again)
        #expect(try Duration(lengthParsing: again) == length)
    }

    @Test(arguments: [
        "", "h", "5", "5x", "-5m", "+5m", "1.5h", "5 m", " 5m", "5m ", "1m1h", "1h1h", "5M", "٣m",
        "1w", "5m5", String(repeating: "0", count: 40) + "m",
    ])
    func `everything else is refused`(text: String) {
        #expect(throws: DurationFault.malformed) { _ = try Duration(lengthParsing: text) }
    }

    @Test(arguments: ["36601d", "99999999999999999999h", "878400h1s"])
    func `a hundred years are the most`(text: String) {
        #expect(throws: DurationFault.tooLong) { _ = try Duration(lengthParsing: text) }
    }
}
