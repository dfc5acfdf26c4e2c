import Drivers
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        ("8", "8", "8"), ("500m", "500m", "500m"), ("0.5", "500m", "500m"),
        ("1.5Gi", "1610612736", "1536Mi"), ("16Gi", "17179869184", "16Gi"), ("2k", "2000", "2000"),
        ("0", "0", "0"), ("1Ti", "1099511627776", "1Ti"),
    ])
    func `quantities keep their amount`(_ text: String, _ decimal: String, _ binary: String) {
        #expect(Quantity(text)?.decimal == decimal)
        #expect(Quantity(text)?.binary == binary)
    }

    @Test(arguments: ["", "x", "-1", "1 Gi", "1e3", ".5", "1.", "1.2.3", "0.0001", "٣", "9999999P"])
    func `what is no exact quantity is none`(_ text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test func `what does not fit is no sum`() {
        let large = Quantity(thousandths: .max)
        #expect(large.adding(Quantity(thousandths: 1)) == nil)
        #expect(large.times(2) == nil)
    }
}
