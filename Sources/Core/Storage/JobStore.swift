package import Domain
import JSON
import Postgres

/// Jobs as people see them; what workers do with them is `JobQueue`'s.
package struct JobStore: Sendable {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The job with that id, finished or not; nil where there is none that the caller may see.
    package func find(
        _ id: JobID,
        as access: Access
    ) async throws(StorageFault) -> Job? {
        let scope = access.scope(for: .readJobs)
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT \(Job.columns) FROM any_job
                 WHERE id = \(id) AND \(scope.condition(on: "tenant_id"))
                """
            )
            return try rows.first.map(Job.init)
        }
    }

    /// The jobs that the caller may see and that pass the filters, the newest first.
    package func list(
        _ query: JobQuery,
        as access: Access
    ) async throws(StorageFault) -> Page<Job> {
        let scope = access.scope(for: .readJobs)
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(Self.listing(query, within: scope))
            return try Page(rows, limit: query.limit, Job.init)
        }
    }

    static func listing(_ query: JobQuery, within scope: Access.Scope) -> SQL {
        var conditions = [scope.condition(on: "tenant_id")]
        if query.tenant != nil { conditions.append(TenantNaming.condition) }
        if let state = query.state { conditions.append("state = \(state.rawValue)") }
        if let kind = query.kind { conditions.append("kind = \(kind.description)") }
        if let before = query.before { conditions.append("id < \(before)") }
        let ending: SQL = "ORDER BY id DESC LIMIT \(rows: query.limit + 1)"
        let page: SQL = """
            SELECT \(Job.columns) FROM any_job
             WHERE \(SQL.joined(conditions, by: " AND "))
            \(ending)
            """
        return TenantNaming.page(page, of: query.tenant, ending: ending)
    }

    /// The log lines of a job behind a line, in order; nil where the caller sees no such job.
    package func log(
        of job: JobID,
        after line: Int,
        limit: Int,
        as access: Access
    ) async throws(StorageFault) -> Page<JobLogLine>? {
        let limit = max(1, min(limit, ListQuery.limitMax))
        let scope = access.scope(for: .readJobs)
        return try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT log.line, log.at, log.level, log.step, log.text
                  FROM any_job LEFT JOIN LATERAL (
                    SELECT line, at, level, step, text FROM job_log
                     WHERE job_id = any_job.id AND line > \(line)
                     ORDER BY line
                     LIMIT \(rows: limit + 1)
                  ) log ON true
                 WHERE any_job.id = \(job) AND \(scope.condition(on: "tenant_id"))
                 ORDER BY log.line
                """
            )
            guard let first = rows.first else { return nil }
            guard try first.decode(0, as: Int?.self) != nil else {
                return Page(items: [], hasMore: false)
            }
            return try Page(rows, limit: limit, JobLogLine.init)
        }
    }
}

/// What a list of jobs can be asked for.
package struct JobQuery: Sendable, Hashable {
    /// The job at which the last page ended; nil starts with the newest.
    package var before: JobID?
    /// How many items at most; held to 1…500.
    package var limit: Int
    /// Only jobs of this tenant.
    package var tenant: TenantName?
    /// Only jobs in this state.
    package var state: JobState?
    /// Only jobs of this kind.
    package var kind: JobKind?

    /// A question; without arguments, everything from the newest on.
    package init(
        before: JobID? = nil,
        limit: Int = 50,
        tenant: TenantName? = nil,
        state: JobState? = nil,
        kind: JobKind? = nil
    ) {
        self.before = before
        self.limit = max(1, min(limit, ListQuery.limitMax))
        self.tenant = tenant
        self.state = state
        self.kind = kind
    }
}

extension Job {
    static let columns: SQL = """
        id, kind, subject_kind, subject_id, subject_name, tenant_id, state, step, steps, attempt,
        run_at, waiting_on, waiting_since, released_by, reason,
        cancel_requested_at IS NOT NULL, created_at, started_at, finished_at, revision
        """

    init(_ row: Row) throws(DatabaseFault) {
        let state = JobState(rawValue: try row.decode(6)) ?? .stalled
        let step = try row.decode(7, as: String?.self)
        let attempt = try row.decode(9, as: Int.self)
        self.init(
            id: try row.decode(0),
            kind: JobKind(try row.decode(1)),
            subject: try ObjectReference(row, from: 2),
            tenant: try row.decode(5),
            state: state,
            step: step,
            steps: Self.steps(try row.decode(8), next: step, attempt: attempt, in: state),
            attempt: attempt,
            runAt: try row.decode(10),
            waiting: try JobWaiting(row, from: 11),
            lastError: try row.decode(14),
            isCancelRequested: try row.decode(15),
            createdAt: try row.decode(16),
            startedAt: try row.decode(17),
            finishedAt: try row.decode(18),
            revision: try row.decode(19)
        )
    }

    /// The steps that are done, and the one that is next or under way.
    private static func steps(
        _ done: [UInt8],
        next: String?,
        attempt: Int,
        in state: JobState
    ) -> [JobStep] {
        // PostgreSQL has checked that it is JSON; what is no step was not written by us.
        let entries = (try? JSON.parse(done))?.array ?? []
        // See above: an entry that is no step is not ours to judge.
        var steps = entries.compactMap { try? JobStep(reading: $0) }
        if let next, !state.isFinal {
            steps.append(
                JobStep(
                    name: next,
                    state: state == .running ? .running : .pending,
                    attempts: attempt,
                    startedAt: nil,
                    finishedAt: nil,
                    evidence: nil
                )
            )
        }
        return steps
    }
}

extension JobWaiting {
    /// Reads what, since when and who; nil where the job does not wait.
    fileprivate init?(_ row: Row, from column: Int) throws(DatabaseFault) {
        guard let on = try row.decode(column, as: String?.self),
            let since = try row.decode(column + 1, as: Domain.Instant?.self)
        else { return nil }
        self.init(on: on, since: since, releasedBy: try row.decode(column + 2))
    }
}

extension JobLogLine {
    fileprivate init(_ row: Row) throws(DatabaseFault) {
        self.init(
            line: try row.decode(0),
            at: try row.decode(1),
            level: Level(rawValue: try row.decode(2)) ?? .info,
            step: try row.decode(3),
            message: try row.decode(4)
        )
    }
}
