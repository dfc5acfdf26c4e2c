package import Domain
package import Postgres

/// The durable queue: every statement about jobs that workers need.
///
/// Who records a result holds a lease: the number that the claim gave to this attempt. A result
/// for any other lease changes nothing, so a worker that was taken for dead cannot speak late.
package struct JobQueue: Sendable {
    /// The channel on which processes tell each other of new work.
    package static let channel = "slipway_jobs"

    /// The channel on which processes tell each other that jobs have changed.
    package static let changeChannel = "slipway_job_changes"

    let database: QueueDatabase

    /// The queue of this database.
    package init(_ database: Database) {
        self.database = QueueDatabase(database: database)
    }

    /// Tells all processes that a job has changed, for those who watch it; a hint only.
    package func announceChange() {
        database.notify(channel: Self.changeChannel)
    }

    /// Tells workers of all processes that there may be something to claim; a hint only.
    package func announce() {
        database.notify(channel: Self.channel)
    }
}

/// A process that may hold leases.
package typealias WorkerID = ID<Worker>

/// What a `WorkerID` identifies: one run of one process.
package enum Worker {}

/// The right to record the result of one attempt.
package struct Lease: Sendable, Hashable {
    /// The job.
    package let job: JobID
    /// The fencing number; a job's later attempts have higher ones.
    package let number: Int64

    /// The lease of that attempt.
    package init(job: JobID, number: Int64) {
        self.job = job
        self.number = number
    }
}
