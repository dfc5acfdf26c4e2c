internal import Synchronization

/// A number that only grows; adding is one relaxed atomic operation.
package final class Counter: Sendable {
    private let total = Atomic<UInt64>(0)

    init() {}

    /// Adds `amount`.
    package func increment(by amount: UInt64 = 1) {
        total.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The sum so far.
    package var value: UInt64 { total.load(ordering: .relaxed) }
}

/// A number that goes up and down; changing it is one relaxed atomic operation.
package final class Gauge: Sendable {
    private let current = Atomic<Int64>(0)

    init() {}

    /// Replaces the value.
    package func set(_ value: Int64) { current.store(value, ordering: .relaxed) }

    /// Adds `amount`, which may be negative.
    package func add(_ amount: Int64) { current.wrappingAdd(amount, ordering: .relaxed) }

    /// Adds one.
    package func increment() { add(1) }

    /// Takes one away.
    package func decrement() { add(-1) }

    /// The value now.
    package var value: Int64 { current.load(ordering: .relaxed) }
}
