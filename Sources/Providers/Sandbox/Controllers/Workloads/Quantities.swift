/// Kubernetes' way to write amounts: `500m`, `16Gi`, `2`.
enum Quantities {
    private static let units: [(suffix: String, factor: Double)] = [
        ("Ki", 1_024), ("Mi", 1_048_576), ("Gi", 1_073_741_824), ("Ti", 1_099_511_627_776),
        ("m", 0.001), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000),
        ("T", 1_000_000_000_000),
    ]

    /// The largest amount that is counted; pods of one quota stay far below 2^63 thousandths.
    private static let amountMax = 1e14

    /// The amount; nil for what is none, or more than is counted.
    static func value(_ text: String) -> Double? {
        let unit = units.first { text.hasSuffix($0.suffix) }
        let digits = text.dropLast(unit?.suffix.utf8.count ?? 0)
        guard let number = Double(digits) else { return nil }
        let amount = number * (unit?.factor ?? 1)
        return (0...amountMax).contains(amount) ? amount : nil
    }

    /// The amount in the unit of another text, or in thousandths where it is not whole.
    static func text(_ amount: Double, like model: String) -> String {
        if amount == 0 { return "0" }
        let amount = min(amount, amountMax)
        let unit = units.first { model.hasSuffix($0.suffix) }
        if let unit {
            let count = amount / unit.factor
            if count == count.rounded() { return "\(Int(count))\(unit.suffix)" }
        }
        return amount == amount.rounded() ? "\(Int(amount))" : "\(Int(amount * 1_000))m"
    }
}
