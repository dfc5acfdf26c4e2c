import Testing

@testable import Sandbox

@Suite struct OddNumberTests {
    @Test(arguments: [
        ("500m", 0.5), ("16Gi", 17_179_869_184), ("0", 0), ("1e3", 1_000),
    ])
    func `an amount is read as Kubernetes writes it`(text: String, amount: Double) {
        #expect(Quantities.value(text) == amount)
    }

    @Test(arguments: ["1e30", "inf", "nan", "-1", "1e400", "99999999999999999999Ti", "x", ""])
    func `what no quota could count is no amount`(text: String) {
        #expect(Quantities.value(text) == nil)
    }

    @Test(arguments: ["1m0s", "10s", String(repeating: "9", count: 400) + "h", "", "x", "-1h"])
    func `any text is some duration of at most ten years`(text: String) {
        let duration = GoDuration.parse(text)
        #expect(duration > .zero && duration <= .seconds(315_360_000))
    }
}
