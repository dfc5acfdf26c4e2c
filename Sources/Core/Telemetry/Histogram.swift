/// How often values fell into each of a few ranges; observing is two relaxed atomic operations.
package final class Histogram: Sendable {
    /// The upper bounds of the ranges and the unit that is shown.
    package struct Buckets: Sendable, Equatable {
        /// Upper bounds, inclusive, ascending, in the unit that is observed.
        package let bounds: [UInt64]
        /// How many observed units make one of the unit shown: 1e9 for nanoseconds as seconds.
        package let unitsPerShown: Double

        /// Buckets with these bounds, which must ascend.
        package init(bounds: [UInt64], unitsPerShown: Double) {
            precondition(
                !bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 },
                "the bounds of a histogram ascend"
            )
            self.bounds = bounds
            self.unitsPerShown = unitsPerShown
        }

        /// Latencies from 50 µs to 10 s, observed in nanoseconds, shown in seconds.
        package static let latency = Buckets(
            bounds: [
                50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000,
                500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
            ].map { $0 * 1_000 },
            unitsPerShown: 1e9
        )

        /// Sizes from 256 bytes to 16 MiB, observed and shown in bytes.
        package static let size = Buckets(
            bounds: [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 16_777_216],
            unitsPerShown: 1
        )
    }

    /// The ranges.
    package let buckets: Buckets
    /// One cell a range, one for what lies above all, one for the sum.
    private let cells: AtomicCells

    init(buckets: Buckets) {
        self.buckets = buckets
        cells = AtomicCells(count: buckets.bounds.count + 2)
    }

    /// Counts one value, in the unit of the bounds.
    package func observe(_ value: UInt64) {
        let bounds = buckets.bounds
        var place = 0
        while place < bounds.count, value > bounds[place] { place += 1 }
        cells.add(1, at: place)
        cells.add(value, at: bounds.count + 1)
    }

    /// Counts one duration; for buckets in nanoseconds.
    ///
    /// A negative one counts as zero.
    package func observe(_ duration: Duration) {
        observe(UInt64(clamping: duration.attoseconds / 1_000_000_000))
    }

    /// How many values were counted.
    package var count: UInt64 { (0...buckets.bounds.count).reduce(0) { $0 + cells.value(at: $1) } }

    /// The sum of the values, in the unit of the bounds.
    package var sum: UInt64 { cells.value(at: buckets.bounds.count + 1) }

    /// For each bound, and last for infinity, how many values were not above it.
    var cumulativeCounts: [UInt64] {
        var running: UInt64 = 0
        return (0...buckets.bounds.count).map { place in
            running += cells.value(at: place)
            return running
        }
    }
}
