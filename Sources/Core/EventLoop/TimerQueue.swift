/// What names a timer so that it can be cancelled; it says nothing about its loop.
package struct Timer: Sendable, Equatable {
    let slot: Int32
    let generation: UInt32
}

/// Deadlines in order, earliest first: a binary heap whose entries know their place, so that
/// cancelling one costs as little as adding it.
///
/// Time is always a parameter.
struct TimerQueue {
    private struct Entry {
        var deadline: MonotonicTime
        var order: UInt64
        var slot: Int32
    }

    private struct Slot {
        var generation: UInt32 = 0
        var place = -1
        var body: (() -> Void)?
    }

    private var heap: [Entry] = []
    private var slots: [Slot] = []
    private var free: [Int32] = []
    private var nextOrder: UInt64 = 0

    var isEmpty: Bool { heap.isEmpty }

    /// When the earliest timer is due.
    var earliest: MonotonicTime? { heap.first?.deadline }

    mutating func add(at deadline: MonotonicTime, _ body: @escaping () -> Void) -> Timer {
        let slot: Int32
        if let reused = free.popLast() {
            slot = reused
        } else {
            slot = Int32(slots.count)
            slots.append(Slot())
        }
        slots[Int(slot)].body = body
        heap.append(Entry(deadline: deadline, order: nextOrder, slot: slot))
        nextOrder += 1
        slots[Int(slot)].place = heap.count - 1
        siftUp(from: heap.count - 1)
        return Timer(slot: slot, generation: slots[Int(slot)].generation)
    }

    /// Forgets the timer; one that has fired or was cancelled before is left alone.
    mutating func cancel(_ timer: Timer) {
        let slot = Int(timer.slot)
        guard slots.indices.contains(slot), slots[slot].generation == timer.generation else {
            return
        }
        remove(at: slots[slot].place)
        release(timer.slot)
    }

    /// Takes the earliest timer that is due at `now`; timers of one moment come in the order in
    /// which they were added.
    mutating func popDue(at now: MonotonicTime) -> (() -> Void)? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        let body = slots[Int(first.slot)].body
        remove(at: 0)
        release(first.slot)
        return body
    }

    private mutating func release(_ slot: Int32) {
        slots[Int(slot)].body = nil
        slots[Int(slot)].place = -1
        slots[Int(slot)].generation &+= 1
        free.append(slot)
    }

    private mutating func remove(at place: Int) {
        let last = heap.count - 1
        if place != last {
            exchange(place, last)
        }
        heap.removeLast()
        guard place < heap.count else { return }
        siftDown(from: place)
        siftUp(from: place)
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let (one, other) = (heap[left], heap[right])
        return one.deadline == other.deadline
            ? one.order < other.order : one.deadline < other.deadline
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        heap.swapAt(left, right)
        slots[Int(heap[left].slot)].place = left
        slots[Int(heap[right].slot)].place = right
    }

    private mutating func siftUp(from start: Int) {
        var place = start
        while place > 0, precedes(place, (place - 1) / 2) {
            exchange(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func siftDown(from start: Int) {
        var place = start
        while true {
            var smallest = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < heap.count && precedes(child, smallest) {
                smallest = child
            }
            guard smallest != place else { return }
            exchange(place, smallest)
            place = smallest
        }
    }
}
