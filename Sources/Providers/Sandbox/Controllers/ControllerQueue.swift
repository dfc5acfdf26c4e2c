import Domain

/// What is to be reconciled, and when.
struct ControllerQueue {
    /// One object for one controller.
    struct Work: Hashable, Sendable {
        let cluster: String
        /// The controller's place among the controllers.
        let controller: Int
        let key: SandboxKey
    }

    /// The first delay after a failure: 200 ms; it doubles up to a minute.
    private static let delayMin = Duration.milliseconds(200)
    private static let doublingsMax = 8
    /// Timers that were set anew and are still remembered, beyond as many as there are: a thousand.
    private static let staleMax = 1_000

    private var ready: [Work] = []
    private var readySet: Set<Work> = []
    /// When what is postponed is due.
    private var timers: [Work: Instant] = [:]
    /// The same by time, with what is no longer so.
    private var alarms = Alarms()
    private var running: Set<Work> = []
    private var failures: [Work: Int] = [:]

    /// Whether nothing is ready and nothing runs.
    var isIdle: Bool { ready.isEmpty && running.isEmpty }

    /// When the next timer is due.
    var nextTimer: Instant? { alarms.first?.due }

    /// The object is to be looked at now.
    mutating func add(_ work: Work) {
        timers[work] = nil
        if readySet.insert(work).inserted { ready.append(work) }
    }

    /// Objects that are ready and on which nobody works, until so many are worked on.
    mutating func take(upTo count: Int, at now: Instant) -> [Work] {
        while let alarm = alarms.first, alarm.due <= now {
            alarms.removeFirst()
            if timers[alarm.work] == alarm.due { add(alarm.work) }
        }
        var taken: [Work] = []
        var kept: [Work] = []
        let room = count - running.count
        for (place, work) in ready.enumerated() {
            guard taken.count < room else {
                kept += ready[place...]
                break
            }
            if running.contains(work) {
                kept.append(work)
            } else {
                taken.append(work)
                readySet.remove(work)
                running.insert(work)
            }
        }
        ready = kept
        return taken
    }

    /// The work is done; it is looked at again after that time, unless it is to be sooner.
    mutating func finish(_ work: Work, again delay: Duration?, at now: Instant) {
        running.remove(work)
        failures[work] = nil
        if let delay { wait(work, delay, now) }
    }

    /// The work failed; it is tried again later, ever less often.
    mutating func fail(_ work: Work, at now: Instant) {
        running.remove(work)
        let count = failures[work] ?? 0
        failures[work] = min(count + 1, Self.doublingsMax)
        wait(work, Self.delayMin * (1 << count), now)
    }

    private mutating func wait(_ work: Work, _ delay: Duration, _ now: Instant) {
        guard !readySet.contains(work) else { return }
        let due = now.advanced(by: delay)
        timers[work] = due
        alarms.insert(Alarms.Alarm(due: due, work: work))
        guard alarms.count > 2 * timers.count + Self.staleMax else { return }
        alarms = Alarms()
        for (work, due) in timers { alarms.insert(Alarms.Alarm(due: due, work: work)) }
    }

    /// Drops what waits.
    mutating func rest() {
        let running = running
        self = ControllerQueue()
        self.running = running
    }

    /// Drops what waits of a cluster that is gone.
    mutating func forget(_ cluster: String) {
        ready.removeAll { $0.cluster == cluster }
        readySet = Set(ready)
        timers = timers.filter { $0.key.cluster != cluster }
        failures = failures.filter { $0.key.cluster != cluster }
    }
}

/// Work by the time at which it is due: a binary heap, the earliest first.
private struct Alarms {
    struct Alarm {
        let due: Instant
        let work: ControllerQueue.Work
    }

    private var heap: [Alarm] = []

    var first: Alarm? { heap.first }
    var count: Int { heap.count }

    mutating func insert(_ alarm: Alarm) {
        heap.append(alarm)
        var place = heap.count - 1
        while place > 0, heap[place].due < heap[(place - 1) / 2].due {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var place = 0
        while true {
            let children = [2 * place + 1, 2 * place + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { heap[$0].due < heap[$1].due }),
                heap[least].due < heap[place].due
            else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
