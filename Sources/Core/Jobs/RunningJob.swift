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
        /// When the step under way has had its time.
        var deadline: MonotonicTime?
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

    /// Asks the step to stop and the job to end.
    func endOnRequest() {
        wishes.withLock {
            $0.isUnwanted = true
            $0.isStopped = true
        }
    }

    /// No further step; with `now`, the one under way stops as well.
    func drain(now: Bool) {
        wishes.withLock {
            $0.isDraining = true
            if now { $0.isStopped = true }
        }
    }

    /// Asks the step to stop: whatever it does is not going to be written down.
    func stop() {
        wishes.withLock { $0.isStopped = true }
    }

    /// Asks the step to stop when its time is up.
    func checkDeadline(at now: MonotonicTime) {
        wishes.withLock { wishes in
            if let deadline = wishes.deadline, deadline <= now { wishes.isStopped = true }
        }
    }

    /// Gives up the place among the running ones; false where it was given up before.
    func leavePlace() -> Bool {
        wishes.withLock { wishes in
            defer { wishes.hasPlace = false }
            return wishes.hasPlace
        }
    }
}
