package import Domain
import Postgres

extension JobQueue {
    /// A line that a running job wrote down.
    package struct LogLine: Sendable, Equatable {
        /// The job that wrote it.
        package var job: JobID
        /// The step that wrote it.
        package var step: String?
        /// How much it matters.
        package var level: JobLogLine.Level
        /// What it says.
        package var message: String

        /// A line of a job.
        package init(job: JobID, step: String?, level: JobLogLine.Level, message: String) {
            self.job = job
            self.step = step
            self.level = level
            self.message = message
        }
    }

    /// Stores lines; those of a job that has `linesMax` already are dropped.
    package func append(_ lines: [LogLine], linesMax: Int) async throws {
        guard !lines.isEmpty else { return }
        _ = try await database.write(
            """
            INSERT INTO job_log (job_id, step, level, text)
            SELECT new.job_id, new.step, new.level, new.text
              FROM unnest(
                \(lines.map(\.job)), \(lines.map(\.step)), \(lines.map(\.level.rawValue)),
                \(lines.map(\.message))) AS new (job_id, step, level, text)
             WHERE (SELECT count(*) FROM job_log old WHERE old.job_id = new.job_id) < \(linesMax)
            """
        )
    }

    /// Forgets jobs that ended longer ago than `age`, with their log lines.
    ///
    /// - Returns: how many; as many as `batch` means that there may be more.
    package func forgetFinished(
        olderThan age: Duration,
        batch: Int
    ) async throws -> Int {
        let rows = try await database.write(
            """
            WITH old AS (
                DELETE FROM job_history
                 WHERE id IN (
                    SELECT id FROM job_history
                     WHERE finished_at < now() - \(interval: age)
                       -- No job ends before the time that its id begins with.
                       AND id < (lpad(to_hex(
                           (extract(epoch FROM now() - \(interval: age)) * 1000)::bigint + 1
                           ), 12, '0') || repeat('0', 20))::uuid
                     ORDER BY id
                     LIMIT \(batch))
             RETURNING id
            ), lines AS (
                DELETE FROM job_log USING old WHERE job_log.job_id = old.id
            )
            SELECT count(*) FROM old
            """
        )
        return try rows.first?.decode(0) ?? 0
    }

    /// How long until the next postponed job is due; nil where none is.
    package func nextDue() async throws -> Duration? {
        let rows = try await database.read(
            """
            SELECT greatest(extract(epoch FROM min(run_at) - clock_timestamp()), 0)::float8
              FROM job
             WHERE run_at IS NOT NULL
            """
        )
        let seconds: Double? = try rows.first?.decode(0)
        return seconds.map { .milliseconds(Int64(($0 * 1000).rounded(.up))) }
    }

    /// Where the oldest unfinished job stands, or the newest of all ever did.
    ///
    /// No other job does below, except what a transaction brings that is still open. `lowest` is
    /// what this said before.
    package func oldestPlace(above lowest: Int64) async throws -> Int64 {
        let rows = try await database.read("SELECT job_oldest_place(\(lowest))")
        return try rows.first?.decode(0) ?? lowest
    }

    /// Figures of the queue for metrics.
    package struct Figures: Sendable, Equatable {
        /// Unfinished jobs by state.
        package var jobs: [JobState: Int] = [:]
        /// How long the oldest ready job has been waiting for a worker.
        package var oldestReady: Duration = .zero
        /// Workers whose heartbeat is known, alive or not.
        package var workers = 0

        /// Nothing at all.
        package init() {}
    }

    /// Counts what there is.
    package func figures() async throws -> Figures {
        let rows = try await database.read(
            """
            SELECT state, count(*),
                   coalesce(extract(epoch FROM clock_timestamp() - min(updated_at)), 0)::float8,
                   (SELECT count(*) FROM job_worker)
              FROM job
             GROUP BY state
            """
        )
        var figures = Figures()
        for row in rows {
            guard let state = JobState(rawValue: try row.decode(0)) else { continue }
            figures.jobs[state] = try row.decode(1)
            if state == .available {
                let seconds: Double = try row.decode(2)
                figures.oldestReady = .milliseconds(Int64(max(0, seconds) * 1000))
            }
            figures.workers = try row.decode(3)
        }
        return figures
    }
}
