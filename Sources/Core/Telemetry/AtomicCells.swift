internal import Synchronization

/// A fixed row of counters that any thread may add to without a lock.
// Safety: the memory is written by init before it is shared and freed by deinit after; in between
// every access is atomic.
struct AtomicCells: ~Copyable, @unchecked Sendable {
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>
    let count: Int

    init(count: Int) {
        self.count = count
        cells = .allocate(capacity: count)
        for place in 0..<count { (cells + place).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: count)
        cells.deallocate()
    }

    func add(_ amount: UInt64, at place: Int) {
        precondition(place < count, "a cell outside the row")
        cells[place].wrappingAdd(amount, ordering: .relaxed)
    }

    func value(at place: Int) -> UInt64 {
        precondition(place < count, "a cell outside the row")
        return cells[place].load(ordering: .relaxed)
    }
}
