import Contract
import Domain
import EventLoop
import JSON
import Storage
import Synchronization

/// A job that this process holds: what was claimed, and what it should know while it runs.
final class RunningJob: Sendable, CancellationCheck {
    /// What the rest of the process tells the job.
    struct Wishes: Sendable {
        /// Somebody asked to end the job.
        var isUnwanted = false
        /// The process is going to end: no further step here.
        var isDraining = false
        /// The step under way should stop where it can.
        var isStopped = false
        /// What stops the step under way, and when it has had its time.
        var step: (deadline: MonotonicTime, cancel: @Sendable () -> Void)?
        /// Whether the job takes up one of the places for running steps.
        var hasPlace = true
    }

    let claimed: ClaimedJob
    let workflow: Workflow
    let wishes = Mutex(Wishes())

    init(_ claimed: ClaimedJob, _ workflow: Workflow) {
        self.claimed = claimed
        self.workflow = workflow
    }

    var lease: Lease { claimed.lease }

    var isCancelled: Bool { wishes.withLock { $0.isStopped } }

    /// A step is under way; `cancel` is called, once or more, when it should stop.
    func begin(until deadline: MonotonicTime, cancel: @escaping @Sendable () -> Void) {
        let isStopped = wishes.withLock { wishes in
            wishes.step = (deadline, cancel)
            return wishes.isStopped
        }
        if isStopped { cancel() }
    }

    /// No step is under way any more.
    func end() {
        wishes.withLock { $0.step = nil }
    }

    /// Asks the step to stop and the job to end.
    func endOnRequest() {
        wishes.withLock { $0.isUnwanted = true }
        stop()
    }

    /// No further step; with `now`, the one under way stops as well.
    func drain(now: Bool) {
        wishes.withLock { $0.isDraining = true }
        if now { stop() }
    }

    /// Asks the step to stop: whatever it does is not going to be written down.
    func stop() {
        let step = wishes.withLock { wishes in
            wishes.isStopped = true
            return wishes.step
        }
        step?.cancel()
    }

    /// Asks the step to stop when its time is up.
    func checkDeadline(at now: MonotonicTime) {
        let step = wishes.withLock { $0.step }
        if let step, step.deadline <= now { stop() }
    }

    /// Gives up the place among the running ones; false where it was given up before.
    func leavePlace() -> Bool {
        wishes.withLock { wishes in
            defer { wishes.hasPlace = false }
            return wishes.hasPlace
        }
    }
}
