package import EventLoop

/// How many jobs to claim at once: as many as can run, and ahead of that no more than what is
/// done within a twentieth of a second, so that short jobs come in large batches and long ones
/// stay free for other processes.
package struct Intake: Sendable {
    /// How far ahead jobs are claimed.
    private static let horizonPerSecond = 20.0

    private let runningMax: Int
    private let heldMax: Int
    private var since: MonotonicTime
    private var doneThen = 0
    private var donePerSecond = 0.0

    /// An intake for a worker that runs and holds so many jobs.
    package init(runningMax: Int, heldMax: Int, now: MonotonicTime) {
        self.runningMax = runningMax
        self.heldMax = heldMax
        since = now
    }

    /// How many jobs may be claimed now.
    ///
    /// `done` is how many jobs have ever been done.
    package mutating func room(held: Int, done: Int, now: MonotonicTime) -> Int {
        let elapsed = Double((now - since).nanoseconds) / 1e9
        if elapsed >= 0.01 {
            donePerSecond = Double(done - doneThen) / elapsed
            doneThen = done
            since = now
        }
        let ahead = Int(min(donePerSecond / Self.horizonPerSecond, Double(heldMax)))
        return max(0, min(max(runningMax, ahead), heldMax) - held)
    }
}
