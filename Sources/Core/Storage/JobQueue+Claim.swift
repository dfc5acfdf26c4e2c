package import Domain
package import JSON
import Postgres

/// A job as its worker gets it.
package struct ClaimedJob: Sendable {
    /// The right to record what comes of it.
    package let lease: Lease
    /// The workflow that the job runs through.
    package let kind: JobKind
    /// The tenant of the job, where it has one.
    package let tenant: TenantID?
    /// What the job works on.
    package let subject: ObjectReference
    /// What the job was asked to do.
    package let input: JSON
    /// The W3C trace context of the call that asked for the job.
    package let traceparent: String?
    /// What the steps that are done left behind, by their names.
    package let observed: [String: JSON]
    /// Which attempt at the next step this is, from 1.
    package let attempt: Int
    /// How many attempts at this step ended with their process.
    package let crashes: Int
    /// Since when the step waits for something outside; nil where it does not.
    package let waitingSince: Domain.Instant?
}

/// What one claim came to.
package struct Claim: Sendable {
    /// The jobs, oldest first.
    package var jobs: [ClaimedJob] = []
    /// Where the next claim may start to look: everything ready before it was taken by this one.
    ///
    /// Nil where something ready was passed over.
    package var floor: Int64?
    /// Whether more may be ready right now.
    package var mayHaveMore = false
    /// Whether nothing was claimed because another worker was claiming.
    package var isContended = false
}

/// What a claim asks for.
package struct ClaimRequest: Sendable {
    /// Who is going to hold the leases.
    package var worker: WorkerID
    /// The kinds of jobs that the worker knows.
    package var kinds: [JobKind]
    /// How many jobs at most.
    package var room: Int
    /// How many jobs of one tenant may run at once, in all processes together.
    package var tenantLimit: Int
    /// Where to start to look; 0 looks at everything.
    package var floor: Int64
    /// How long a heartbeat keeps a worker alive.
    package var aliveFor: Duration

    /// A claim for that worker.
    package init(
        worker: WorkerID,
        kinds: [JobKind],
        room: Int,
        tenantLimit: Int,
        floor: Int64,
        aliveFor: Duration
    ) {
        self.worker = worker
        self.kinds = kinds
        self.room = room
        self.tenantLimit = tenantLimit
        self.floor = floor
        self.aliveFor = aliveFor
    }
}

extension JobQueue {
    /// Takes ready jobs for a worker; none where the worker is taken for dead.
    package func claim(_ request: ClaimRequest) async throws -> Claim {
        let rows = try await database.write(
            """
            SELECT id, place, kind, tenant_id, subject_kind, subject_id, subject_name,
                   input, traceparent, steps, attempt, crashes, lease, waiting_since, seen
              FROM job_claim(
                \(request.worker), \(request.kinds.map(\.description)), \(Int32(request.room)),
                \(Int32(request.tenantLimit)), \(request.floor), \(interval: request.aliveFor))
            """
        )
        var claim = Claim()
        if try rows.first?.decode(14, as: Int64.self) == -1 {
            claim.isContended = true
            return claim
        }
        claim.jobs.reserveCapacity(rows.count)
        var place: Int64 = 0
        var seen: Int64 = 0
        for row in rows {
            var row = row
            claim.jobs.append(try Self.job(from: &row, place: &place, seen: &seen))
        }
        let isFull = seen >= Int64(request.room)
        if isFull && Int64(claim.jobs.count) == seen { claim.floor = place + 1 }
        claim.mayHaveMore = isFull
        return claim
    }

    private static func job(
        from row: inout Row,
        place: inout Int64,
        seen: inout Int64
    ) throws(DatabaseFault) -> ClaimedJob {
        let id = try row.next(JobID.self)
        place = try row.next()
        let kind = JobKind(try row.next())
        let tenant = try row.next(TenantID?.self)
        let subjectKind = ObjectReference.Kind(rawValue: try row.next()) ?? .platform
        let subject = ObjectReference(
            kind: subjectKind,
            id: try row.next(),
            name: try row.next()
        )
        let input = try document(row.next())
        let traceparent = try row.next(String?.self)
        let observed = try findings(document(row.next()))
        let attempt = try row.next(Int.self)
        let crashes = try row.next(Int.self)
        let lease = Lease(job: id, number: try row.next())
        let waitingSince = try row.next(Domain.Instant?.self)
        seen = try row.next()
        return ClaimedJob(
            lease: lease,
            kind: kind,
            tenant: tenant,
            subject: subject,
            input: input,
            traceparent: traceparent,
            observed: observed,
            attempt: attempt,
            crashes: crashes,
            waitingSince: waitingSince
        )
    }

    /// A stored document; PostgreSQL has checked that it is JSON.
    static func document(_ text: JSONText) -> JSON {
        switch text.bytes {
        case Array("{}".utf8): .object(JSONObject())
        case Array("[]".utf8): .array([])
        default: (try? JSON.parse(text.bytes)) ?? .null  // nested deeper than a reader allows
        }
    }

    private static func findings(_ steps: JSON) -> [String: JSON] {
        var findings: [String: JSON] = [:]
        for step in steps.array ?? [] {
            guard let name = step["name"]?.string else { continue }
            findings[name] = step["evidence"] ?? .null
        }
        return findings
    }
}

extension SQL.Interpolation {
    /// Binds a duration as an interval.
    mutating func appendInterpolation(interval duration: Duration) {
        let (seconds, attoseconds) = duration.components
        appendInterpolation(Double(seconds) + Double(attoseconds) / 1e18)
        appendLiteral(" * interval '1 second'")
    }
}
