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
            RETURNING ARRAY(
                SELECT job.id FROM job
                 -- Without the state, which a worker implies: the index of held jobs, long after a
                 -- drain full of rows that vacuum may not remove, is none for this.
                 WHERE job.worker = job_worker.id
                   AND job.cancel_requested_at IS NOT NULL)
            """
        )
        guard let row = rows.first else { return .gone }
        return .alive(unwanted: try row.decode(0))
    }

    /// What came of a look at the workers.
    package struct Rescue: Sendable, Equatable {
        /// Jobs that can be claimed again, now or after a while.
        package var freed = 0
        /// Jobs that ended their process too often and need a person now.
        package var quarantined = 0

        /// What a look found.
        package init(freed: Int = 0, quarantined: Int = 0) {
            self.freed = freed
            self.quarantined = quarantined
        }
    }

    /// Frees the jobs of workers whose heartbeat stopped, read against the database's clock.
    ///
    /// A job that was there when its process died the first two times is available at once; from
    /// then on it waits longer each time, so that those it takes down with it get done meanwhile.
    package func rescue(
        deadAfter: Duration,
        crashesMax: Int,
        batch: Int
    ) async throws -> Rescue {
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
            ), freed AS (
                UPDATE job
                   SET state = CASE
                           WHEN crashes + 1 >= \(crashesMax) THEN 'stalled'
                           WHEN crashes < 2 THEN 'available'
                           ELSE 'retryable' END,
                       run_at = CASE
                           WHEN crashes + 1 >= \(crashesMax) OR crashes < 2 THEN NULL
                           ELSE now() + least(power(2, crashes), 60) * interval '1 second' END,
                       reason = CASE
                           WHEN crashes + 1 >= \(crashesMax) THEN
                               'the worker process ended ' || crashes + 1 || ' times during this '
                               || 'step; see its log, then retry'
                           ELSE 'the worker process ended during this step' END,
                       crashes = crashes + 1,
                       worker = NULL,
                       updated_at = now(),
                       revision = revision + 1
                 -- Said again: the row may have changed between the look and the lock.
                 WHERE state = 'running' AND id IN (SELECT id FROM orphan)
                RETURNING state
            )
            SELECT count(*) FILTER (WHERE state <> 'stalled'),
                   count(*) FILTER (WHERE state = 'stalled')
              FROM freed
            """
        )
        guard let row = rows.first else { return Rescue() }
        let rescue = Rescue(freed: try row.decode(0), quarantined: try row.decode(1))
        if rescue == Rescue() { try await forgetDeadWorkers(deadAfter: deadAfter) }
        return rescue
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
               SET state = 'available', worker = NULL, updated_at = now(),
                   revision = revision + 1
              FROM unnest(\(leases.map(\.job)), \(leases.map(\.number))) AS held (id, lease)
             WHERE job.id = ANY (\(leases.map(\.job)))
               AND job.id = held.id
               AND job.lease = held.lease
               AND job.worker IS NOT NULL
            """
        )
    }

    /// Stalls ready jobs that no live worker knows how to do.
    package func stallUnknownKinds(
        after age: Duration,
        deadAfter: Duration,
        batch: Int
    ) async throws -> Int {
        let rows = try await database.write(
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
            """
        )
        return rows.affected
    }
}
