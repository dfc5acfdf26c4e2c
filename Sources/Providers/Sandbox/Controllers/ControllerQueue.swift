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

    private var ready: [Work] = []
    private var readySet: Set<Work> = []
    private var timers: [Work: Instant] = [:]
    private var running: Set<Work> = []
    private var failures: [Work: Int] = [:]

    /// Whether nothing is ready and nothing runs.
    var isIdle: Bool { ready.isEmpty && running.isEmpty }

    /// When the next timer is due.
    var nextTimer: Instant? { timers.values.min() }

    /// The object is to be looked at now.
    mutating func add(_ work: Work) {
        timers[work] = nil
        if readySet.insert(work).inserted { ready.append(work) }
    }

    /// Objects that are ready and on which nobody works, until so many are worked on.
    mutating func take(upTo count: Int, at now: Instant) -> [Work] {
        for (work, due) in timers where due <= now { add(work) }
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
        if !readySet.contains(work) { timers[work] = now.advanced(by: delay) }
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
