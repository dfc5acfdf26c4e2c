import TestSupport
import Testing

@testable import EventLoop

struct TimerQueueTests {
    private func moment(_ nanoseconds: UInt64) -> MonotonicTime {
        MonotonicTime(nanoseconds: nanoseconds)
    }

    /// Fires everything due at `now` and returns what `log` gathered.
    private func fire(_ queue: inout TimerQueue, at now: UInt64) {
        while let body = queue.popDue(at: moment(now)) { body() }
    }

    @Test func `timers fire in the order of their deadlines`() {
        var queue = TimerQueue()
        var fired: [Int] = []
        for deadline in [5, 1, 4, 2, 3] {
            _ = queue.add(at: moment(UInt64(deadline))) { fired.append(deadline) }
        }
        fire(&queue, at: 3)
        #expect(fired == [1, 2, 3])
        #expect(queue.earliest == moment(4))
        fire(&queue, at: 10)
        #expect(fired == [1, 2, 3, 4, 5])
        #expect(queue.isEmpty)
    }

    @Test func `timers of one moment fire in the order in which they were added`() {
        var queue = TimerQueue()
        var fired: [Int] = []
        for number in 0..<50 { _ = queue.add(at: moment(7)) { fired.append(number) } }
        fire(&queue, at: 7)
        #expect(fired == Array(0..<50))
    }

    @Test func `a cancelled timer never fires and its place is used again`() {
        var queue = TimerQueue()
        var fired: [String] = []
        let first = queue.add(at: moment(1)) { fired.append("first") }
        queue.cancel(first)
        let second = queue.add(at: moment(1)) { fired.append("second") }
        queue.cancel(first)
        fire(&queue, at: 1)
        #expect(fired == ["second"])
        queue.cancel(second)
        #expect(queue.isEmpty)
    }

    @Test func `any mix of adding and cancelling agrees with a sorted list`() {
        var random = SeededGenerator(seed: 42)
        var queue = TimerQueue()
        var expected: [(deadline: UInt64, number: Int)] = []
        var timers: [Int: Timer] = [:]
        var fired: [Int] = []
        for number in 0..<2000 {
            let deadline = UInt64.random(in: 0..<500, using: &random)
            timers[number] = queue.add(at: moment(deadline)) { fired.append(number) }
            expected.append((deadline, number))
            if number % 3 == 0, let victim = expected.randomElement(using: &random) {
                expected.removeAll { $0.number == victim.number }
                if let timer = timers[victim.number] { queue.cancel(timer) }
            }
        }
        fire(&queue, at: 500)
        let ordered = expected.sorted { ($0.deadline, $0.number) < ($1.deadline, $1.number) }
        #expect(fired == ordered.map(\.number))
    }
}
