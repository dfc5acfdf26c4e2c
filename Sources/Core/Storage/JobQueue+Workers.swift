package import Domain
import Postgres

extension JobQueue {
    /// Makes a worker known; from now on its heartbeat must not stop.
    package func register(
        _ worker: WorkerID,
        name: String,
        kinds: [JobKind]
    ) async throws {
        _ = try await database.writeReserved(
            """
            INSERT INTO job_worker (id, name, kinds)
            VALUES (\(worker), \(name), \(kinds.map(\.description)))
            """
        )
    }

    /// What a heartbeat learns.
    package enum Pulse: Sendable, Equatable {
        /// The worker lives; these of its jobs are to be given up.
        case alive(unwanted: [JobID])
        /// The worker was taken for dead: its leases are gone.
        case gone
    }

    /// Says that a worker lives, on a session that no load can fill.
    package func beat(_ worker: WorkerID) async throws -> Pulse {
        let rows = try await database.writeReserved(
            """
            UPDATE job_worker
               SET heartbeat_at = clock_timestamp()
             WHERE id = \(worker)
            RETURNING job_unwanted_of(id)
            """
        )
        guard let row = rows.first else { return .gone }
        return .alive(unwanted: try row.decode(0))
    }

    /// Frees the jobs of workers whose heartbeat stopped, read against the database's clock.
    ///
    /// A job that was there when its process died the first two times is available at once; from
    /// then on it waits longer each time, so that those it takes down with it get done meanwhile.
    /// What the process did not get to the end of is a crash and no attempt: most of the jobs that
    /// it held had no part in its end.
    ///
    /// - Returns: how many; as many as `batch` means that there may be more.
    package func rescue(deadAfter: Duration, batch: Int) async throws -> Int {
        // Asked first, of a small table: whose a job is has no index.
        let dead = try await database.read(
            """
            SELECT FROM job_worker
             WHERE heartbeat_at < clock_timestamp() - \(interval: deadAfter)
             LIMIT 1
            """
        )
        guard !dead.isEmpty else { return 0 }
        let rows = try await database.write(
            """
            WITH dead AS (
                SELECT id FROM job_worker
                 WHERE heartbeat_at < clock_timestamp() - \(interval: deadAfter)
                   FOR UPDATE SKIP LOCKED
            ), orphan AS (
                SELECT job.id FROM job
                 WHERE job.worker IN (SELECT id FROM dead) AND job.state = 'running'
                 LIMIT \(batch)
                   FOR UPDATE SKIP LOCKED
            )
            UPDATE job
               SET state = CASE WHEN crashes < 2 THEN 'available' ELSE 'retryable' END,
                   run_at = CASE
                       WHEN crashes < 2 THEN NULL
                       ELSE now() + least(power(2, crashes - 1), 15) * interval '1 second' END,
                   reason = 'the worker process ended during this step',
                   crashes = crashes + 1,
                   attempt = greatest(attempt - 1, 0),
                   worker = NULL,
                   updated_at = now(),
                   revision = revision + 1
             -- Said again: the row may have changed between the look and the lock.
             WHERE state = 'running' AND id IN (SELECT id FROM orphan)
            """
        )
        if rows.affected == 0 { try await forgetDeadWorkers(deadAfter: deadAfter) }
        return rows.affected
    }

    /// Removes workers that are dead and hold nothing.
    private func forgetDeadWorkers(deadAfter: Duration) async throws {
        _ = try await database.write(
            """
            DELETE FROM job_worker
             WHERE heartbeat_at < clock_timestamp() - \(interval: deadAfter)
               AND NOT EXISTS (
                SELECT FROM job WHERE job.worker = job_worker.id AND job.state = 'running')
            """
        )
    }

    /// Gives back everything that a worker holds, to be claimed elsewhere at once, and ends it.
    package func handBack(_ worker: WorkerID) async throws {
        _ = try await database.write(
            all: [
                """
                UPDATE job
                   SET state = 'available', worker = NULL, attempt = greatest(attempt - 1, 0),
                       updated_at = now(), revision = revision + 1
                 WHERE worker = \(worker) AND state = 'running'
                """,
                "DELETE FROM job_worker WHERE id = \(worker)",
            ])
        announce()
    }

    /// The leases that the database knows a worker to hold.
    package func held(by worker: WorkerID) async throws -> [Lease] {
        let rows = try await database.read(
            "SELECT id, lease FROM job WHERE worker = \(worker) AND state = 'running'"
        )
        var leases: [Lease] = []
        for row in rows {
            leases.append(Lease(job: try row.decode(0), number: try row.decode(1)))
        }
        return leases
    }

    /// Makes jobs available again whose lease is still current; others stay as they are.
    package func release(_ leases: [Lease]) async throws {
        _ = try await database.writePinned(
            """
            UPDATE job
               SET state = 'available', worker = NULL, attempt = greatest(attempt - 1, 0),
                   updated_at = now(), revision = revision + 1
              FROM unnest(\(leases.map(\.job)), \(leases.map(\.number))) AS held (id, lease)
             WHERE job.id = ANY (\(leases.map(\.job)))
               AND job.id = held.id
               AND job.lease = held.lease
               AND job.worker IS NOT NULL
            """
        )
    }

    /// Stalls ready jobs that no live worker knows how to do, and says so of what they are about.
    package func stallUnknownKinds(
        after age: Duration,
        deadAfter: Duration,
        batch: Int
    ) async throws -> Int {
        try await database.transaction { transaction in
            let rows = try await transaction.execute(
                """
                UPDATE job
                   SET state = 'stalled', updated_at = now(), revision = revision + 1,
                       reason = 'no worker process knows jobs of kind ' || kind
                           || '; start one that does, then retry'
                 WHERE id IN (
                    SELECT j.id FROM job j
                     WHERE j.state = 'available'
                       AND j.updated_at < now() - \(interval: age)
                       AND NOT EXISTS (
                        SELECT FROM job_worker w
                         WHERE j.kind = ANY (w.kinds)
                           AND w.heartbeat_at >= clock_timestamp() - \(interval: deadAfter))
                     ORDER BY j.place
                     LIMIT \(batch)
                       FOR UPDATE SKIP LOCKED)
                   AND state = 'available'
                RETURNING id, subject_kind, subject_id, subject_name, tenant_id, reason
                """
            )
            for row in rows {
                var row = row
                let job = try Self.affected(by: &row)
                try await Self.write(
                    StepFact.stall(of: job.subject, job: job.id, reason: row.next()),
                    of: job.id,
                    about: job.subject,
                    tenant: job.tenant,
                    in: transaction
                )
            }
            return rows.count
        }
    }
}
