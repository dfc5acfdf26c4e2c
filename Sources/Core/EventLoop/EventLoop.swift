import CLinux
import Glibc
import Synchronization

/// One thread that waits for descriptors, timers and tasks and runs what is ready.
///
/// A tick reads all that is ready, runs all tasks that this woke, and then lets everybody who
/// gathered something send it once. As a `TaskExecutor` it runs each task that prefers it on its
/// own thread, without a hop.
///
/// Methods marked *loop thread only* trap elsewhere.
// Safety: `state` is touched only on the loop's own thread, which every access checks; what other
// threads hand in goes through `inbox`, under its lock.
package final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// Tasks that one tick runs before it looks at descriptors again, so that tasks which wake
    /// each other for ever cannot keep the descriptors waiting.
    static let jobsPerTickMax = 4096
    /// Readiness taken from the kernel by one call.
    static let eventsPerPollMax = 512

    /// What other threads left for the loop.
    struct Inbox {
        var jobs: [UnownedJob] = []
        var bodies: [@Sendable () -> Void] = []
        var isStopping = false
        /// Whether the loop has been told that something is here.
        var isAnnounced = false
    }

    /// The loop's number within its group, for metrics and logs.
    package let index: Int
    /// Figures that any thread may read.
    package let statistics = LoopStatistics()

    let poller: Poller
    let inbox = Mutex(Inbox())
    var ring = JobRing()
    var timers = TimerQueue()
    var endOfTickClients: [any EndOfTick] = []
    private var spareJobs: [UnownedJob] = []
    private var spareBodies: [@Sendable () -> Void] = []
    private var spareClients: [any EndOfTick] = []
    private var time = MonotonicTime.now()

    /// Makes a loop that does nothing until a thread calls `run`.
    ///
    /// - Throws: `SystemFault` when the process has no descriptors left.
    package init(index: Int = 0) throws(SystemFault) {
        self.index = index
        poller = try Poller()
    }

    /// The loop whose thread this is.
    package static var current: EventLoop? {
        guard let pointer = slipway_current_loop() else { return nil }
        return Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Whether the caller runs on this loop's thread.
    package var isCurrent: Bool {
        slipway_current_loop() == Unmanaged.passUnretained(self).toOpaque()
    }

    /// The time at which this tick began.
    ///
    /// Loop thread only.
    package var now: MonotonicTime {
        assertCurrent()
        return time
    }

    /// Turns the calling thread into the loop's thread until `stop` is called.
    package func run() {
        precondition(EventLoop.current == nil, "a thread runs one loop")
        slipway_set_current_loop(Unmanaged.passUnretained(self).toOpaque())
        defer { slipway_set_current_loop(nil) }
        while !isStopped() {
            let began = MonotonicTime.now()
            runTasks()
            runEndOfTick()
            statistics.tickEnded(after: MonotonicTime.now() - began, waited: began - time)
            poll()
        }
        runTasks()
    }

    /// Ends `run` after the tick under way.
    ///
    /// Any thread.
    package func stop() {
        leave { $0.isStopping = true }
    }

    /// Runs `body` on the loop's thread, soon.
    ///
    /// Any thread.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        leave { $0.bodies.append(body) }
    }

    /// Takes a task's next piece of work, for the executor's side of Swift concurrency.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            ring.append(job)
        } else {
            leave { $0.jobs.append(job) }
        }
    }

    /// Calls `client.endOfTick()` once, when everything ready in this tick has run.
    ///
    /// Loop thread only; the client sees to it that it asks once a tick.
    package func atEndOfTick(_ client: any EndOfTick) {
        assertCurrent()
        endOfTickClients.append(client)
    }

    func assertCurrent() {
        precondition(isCurrent, "called on another thread than the loop's")
    }

    private func leave(_ change: (inout sending Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.isAnnounced = true }
            return !inbox.isAnnounced
        }
        if mustWake { poller.wake() }
    }

    private func isStopped() -> Bool {
        inbox.withLock { $0.isStopping }
    }

    private func runTasks() {
        takeInbox()
        for body in spareBodies { body() }
        spareBodies.removeAll(keepingCapacity: true)
        var remaining = EventLoop.jobsPerTickMax
        while remaining > 0, let job = ring.popFirst() {
            job.runSynchronously(on: asUnownedTaskExecutor())
            remaining -= 1
        }
    }

    /// Moves what other threads left onto the loop; the two sets of arrays change places, so that
    /// neither is allocated anew.
    private func takeInbox() {
        inbox.withLock { inbox in
            guard inbox.isAnnounced else { return }
            inbox.isAnnounced = false
            swap(&inbox.jobs, &spareJobs)
            swap(&inbox.bodies, &spareBodies)
        }
        for job in spareJobs { ring.append(job) }
        spareJobs.removeAll(keepingCapacity: true)
    }

    private func runEndOfTick() {
        swap(&endOfTickClients, &spareClients)
        for client in spareClients { client.endOfTick() }
        spareClients.removeAll(keepingCapacity: true)
    }

    private func poll() {
        let hasWork = !ring.isEmpty || !endOfTickClients.isEmpty
        let ready = poller.wait(for: hasWork ? 0 : millisecondsToNextTimer())
        time = MonotonicTime.now()
        poller.dispatch(ready)
        while let body = timers.popDue(at: time) { body() }
    }

    /// How long the kernel may wait: rounded up, so that a timer is due when the wait ends.
    private func millisecondsToNextTimer() -> Int32 {
        guard let earliest = timers.earliest else { return -1 }
        let wait = earliest - MonotonicTime.now()
        guard wait > .zero else { return 0 }
        return Int32(clamping: (wait.nanoseconds + 999_999) / 1_000_000)
    }
}
