/// An amount in the notation of Kubernetes: `500m`, `8`, `16Gi`, `1.5Ti`.
///
/// Kept in thousandths, and exactly: what the API server would round is refused.
package struct Quantity: Sendable, Hashable {
    /// The amount in thousandths.
    package let thousandths: Int

    /// The amount of that many thousandths.
    package init(thousandths: Int) {
        self.thousandths = thousandths
    }

    /// Reads digits with an optional point and one of the suffixes `m k M G T P Ki Mi Gi Ti Pi`;
    /// nil for everything else, for less than nothing and for what has no exact place.
    package init?(_ text: String) {
        let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard let factor = Self.factors[String(text.dropFirst(number.count))] else { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 15 }) else {
            return nil
        }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard let digits = Int(parts[0] + decimals) else { return nil }
        let scaled = digits.multipliedReportingOverflow(by: factor)
        let scale = decimals.reduce(1) { scale, _ in scale * 10 }
        guard !scaled.overflow, scaled.partialValue % scale == 0 else { return nil }
        thousandths = scaled.partialValue / scale
    }

    private static let factors: [String: Int] = [
        "m": 1, "": 1_000, "k": 1_000_000, "M": 1_000_000_000, "G": 1_000_000_000_000,
        "T": 1_000_000_000_000_000, "P": 1_000_000_000_000_000_000,
        "Ki": 1_000 << 10, "Mi": 1_000 << 20, "Gi": 1_000 << 30, "Ti": 1_000 << 40,
        "Pi": 1_000 << 50,
    ]

    /// The sum; nil where it is too large.
    package func adding(_ other: Quantity) -> Quantity? {
        let (sum, overflow) = thousandths.addingReportingOverflow(other.thousandths)
        return overflow ? nil : Quantity(thousandths: sum)
    }

    /// That many times the amount; nil where it is too large.
    package func times(_ count: Int) -> Quantity? {
        let (product, overflow) = thousandths.multipliedReportingOverflow(by: count)
        return overflow ? nil : Quantity(thousandths: product)
    }
}

extension Quantity: Comparable {
    /// The amount as CPU is written: a plain number, or thousandths.
    package var decimal: String {
        thousandths % 1_000 == 0 ? "\(thousandths / 1_000)" : "\(thousandths)m"
    }

    /// The amount as memory is written: whole binary units where there are some.
    package var binary: String {
        let whole = thousandths / 1_000
        guard thousandths % 1_000 == 0, whole >= 1_024 else { return decimal }
        for (shift, suffix) in [(50, "Pi"), (40, "Ti"), (30, "Gi"), (20, "Mi"), (10, "Ki")]
        where whole & (1 << shift - 1) == 0 {
            return "\(whole >> shift)\(suffix)"
        }
        return decimal
    }

    /// Compares by size.
    package static func < (left: Quantity, right: Quantity) -> Bool {
        left.thousandths < right.thousandths
    }
}
