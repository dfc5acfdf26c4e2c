/// Where a durable job stands; docs/jobs.md draws it and migrations/0010_job.sql enforces it.
package enum JobState: String, Sendable, Hashable, CaseIterable {
    /// Ready to be taken by a worker.
    case available
    /// Held by a worker under a lease.
    case running
    /// A step failed in passing; the job is due again at a set time.
    case retryable
    /// A step waits for something outside; the job looks again at a set time.
    case waiting
    /// A person must act; `:retry` brings the job back.
    case stalled
    /// Every step is done.
    case completed
    /// Given up on request.
    case cancelled

    /// Whether nothing ever happens to the job again.
    package var isFinal: Bool { next.isEmpty }

    /// The states that a job may go to from this one.
    package var next: Set<JobState> {
        switch self {
        case .available: [.running, .stalled, .cancelled]
        case .running: [.available, .retryable, .waiting, .stalled, .completed, .cancelled]
        case .retryable, .waiting, .stalled: [.available, .cancelled]
        case .completed, .cancelled: []
        }
    }
}
