-- Jobs that are claimed and done at less cost, and none that grows with rows that are gone: while
-- a transaction is left open somewhere, vacuum may not remove them.

-- Told from the state, so that a claim, which changes neither, leaves every index alone: the new
-- version of the row then stays on its page and needs no entry of its own (a HOT update).
ALTER TABLE job
    ADD COLUMN is_parked boolean NOT NULL
        GENERATED ALWAYS AS (state IN ('retryable', 'waiting', 'stalled')) STORED,
    ADD COLUMN busy_tenant uuid
        GENERATED ALWAYS AS (CASE WHEN worker IS NOT NULL THEN tenant_id END) STORED,
    ADD COLUMN busy_lane text
        GENERATED ALWAYS AS (CASE WHEN worker IS NOT NULL THEN lane END) STORED;

-- Room on each page for a second version of every row on it.
ALTER TABLE job SET (fillfactor = 45);

-- Who holds a job is asked of few jobs or seldom, and has no index: it would have to be kept with
-- every claim.
DROP INDEX job_ready, job_postponed, job_held, job_busy_tenant, job_busy_lane;
CREATE INDEX job_open ON job (place) WHERE NOT is_parked;
CREATE INDEX job_parked ON job (place) WHERE is_parked;
CREATE INDEX job_postponed ON job (run_at) WHERE run_at IS NOT NULL;
CREATE INDEX job_busy_tenant ON job (busy_tenant) WHERE busy_tenant IS NOT NULL;
CREATE INDEX job_busy_lane ON job (busy_lane) WHERE busy_lane IS NOT NULL;

-- What a job's last step left behind, as it came: whoever reads the job puts it with the others.
ALTER TABLE job_history
    ADD COLUMN last_step       text,
    ADD COLUMN last_evidence   jsonb,
    ADD COLUMN last_started_at timestamptz,
    ADD CONSTRAINT last_step_is_whole
        CHECK ((last_step IS NULL) = (last_evidence IS NULL)
           AND (last_step IS NULL) = (last_started_at IS NULL));

-- Ids begin with the time at which they were made, and no job ends before that: those that ended
-- long ago are found by their ids.
DROP INDEX job_history_age;

CREATE OR REPLACE VIEW any_job AS
    SELECT id, place, kind, tenant_id, subject_kind, subject_id, subject_name, lane, input,
           requested_by, traceparent, state, step, steps, attempt, crashes, lease, worker, run_at,
           reason, waiting_on, waiting_since, released_by, cancel_requested_at, revision,
           created_at, updated_at, started_at, NULL::timestamptz AS finished_at
      FROM job
     UNION ALL
    SELECT id, place, kind, tenant_id, subject_kind, subject_id, subject_name, lane, input,
           requested_by, traceparent, state, step,
           CASE WHEN last_step IS NULL THEN steps
           ELSE steps || jsonb_build_array(jsonb_build_object(
               'name', last_step, 'state', 'completed', 'attempts', attempt,
               'startedAt', last_started_at, 'finishedAt', finished_at,
               'evidence', last_evidence)) END,
           attempt, crashes, lease, NULL, NULL,
           reason, NULL, NULL, NULL, cancel_requested_at, revision,
           created_at, finished_at, started_at, finished_at
      FROM job_history;

-- The functions below are ones for the sake of their plans, which are the same whatever the
-- statistics say of a table that fills and empties.

-- The jobs of a worker that it is to give up.
CREATE FUNCTION job_unwanted_of(holder uuid) RETURNS uuid[] LANGUAGE sql STABLE
    SET enable_seqscan = off
AS $$
    SELECT ARRAY(SELECT id FROM job WHERE cancel_requested_at IS NOT NULL AND worker = holder)
$$;

-- Where the oldest unfinished job stands, or the newest of all ever did: none does below, except
-- what a transaction brings that is open now. The caller knows that none does below `lowest`.
CREATE FUNCTION job_oldest_place(lowest bigint) RETURNS bigint LANGUAGE sql STABLE
    SET enable_seqscan = off
    SET enable_bitmapscan = off
AS $$
    SELECT coalesce(
        least(
            (SELECT min(place) FROM job WHERE NOT is_parked AND place >= lowest),
            (SELECT min(place) FROM job WHERE is_parked AND place >= lowest)),
        (SELECT last_value FROM job_place_seq))
$$;

-- As before, but for the columns that it goes by.
CREATE OR REPLACE FUNCTION job_claim(
    claimant uuid, known_kinds text[], room integer, tenant_limit integer, from_place bigint,
    alive_for interval
) RETURNS TABLE (
    id uuid, place bigint, kind text, tenant_id uuid, subject_kind text, subject_id uuid,
    subject_name text, input jsonb, traceparent text, step text, steps jsonb, attempt integer,
    crashes integer, lease bigint, waiting_since timestamptz, seen bigint
) LANGUAGE plpgsql
    -- The plan is the same whatever the statistics say of a table that fills and empties.
    SET enable_seqscan = off
    SET enable_bitmapscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    saturated uuid[];
BEGIN
    -- A claim lost in a crash of the database is a job that is still ready: no need to wait.
    PERFORM set_config('synchronous_commit', 'off', true);
    -- Tried, not waited for: whatever shares the session must not stand behind another claim.
    IF NOT pg_try_advisory_xact_lock(5461000115) THEN
        RETURN QUERY SELECT
            NULL::uuid, NULL::bigint, NULL::text, NULL::uuid, NULL::text, NULL::uuid, NULL::text,
            NULL::jsonb, NULL::text, NULL::text, NULL::jsonb, NULL::integer, NULL::integer,
            NULL::bigint, NULL::timestamptz, -1::bigint;
        RETURN;
    END IF;

    PERFORM 1 FROM job_worker w
      WHERE w.id = claimant AND w.heartbeat_at > clock_timestamp() - alive_for
        FOR KEY SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    -- What is due again joins the ready ones.
    UPDATE job SET state = 'available', run_at = NULL, updated_at = now(), revision = revision + 1
     WHERE job.id IN (
        SELECT due.id FROM job due
         WHERE due.run_at <= now()
         ORDER BY due.run_at
         LIMIT 1000
           FOR UPDATE SKIP LOCKED);

    saturated := ARRAY(
        SELECT busy.busy_tenant FROM job busy
         WHERE busy.busy_tenant IS NOT NULL
         GROUP BY busy.busy_tenant
        HAVING count(*) >= tenant_limit);

    RETURN QUERY
    WITH ready AS MATERIALIZED (
        SELECT j.ctid AS slot, j.place, j.tenant_id
          FROM job j
         WHERE NOT j.is_parked
           AND j.state = 'available'
           AND j.place >= from_place
           AND j.kind = ANY (known_kinds)
           AND (j.tenant_id IS NULL OR j.tenant_id <> ALL (saturated))
           AND j.cancel_requested_at IS NULL
           -- Of one lane the oldest goes first, and nothing beside one that runs.
           AND (j.lane IS NULL OR (
                NOT EXISTS (
                    SELECT FROM job older
                     WHERE older.lane = j.lane
                       AND older.place < j.place
                       AND older.state <> 'stalled'
                       AND (older.cancel_requested_at IS NULL OR older.state = 'running'))
                AND NOT EXISTS (
                    SELECT FROM job running
                     WHERE running.busy_lane = j.lane)))
         ORDER BY j.place
         LIMIT room
           FOR UPDATE SKIP LOCKED
    ), ranked AS (
        SELECT r.slot, r.place, r.tenant_id,
               row_number() OVER (PARTITION BY r.tenant_id ORDER BY r.place) AS rank
          FROM ready r
    ), chosen AS (
        SELECT r.slot
          FROM ranked r
         WHERE r.tenant_id IS NULL
            OR r.rank + (SELECT count(*) FROM job busy
                          WHERE busy.busy_tenant = r.tenant_id)
               <= tenant_limit
    ), claimed AS (
        -- The attempt is counted before it is made, so that one that ends the process counts too.
        UPDATE job j
           SET state = 'running', worker = claimant, lease = j.lease + 1,
               attempt = j.attempt + 1, run_at = NULL,
               started_at = coalesce(j.started_at, now()), updated_at = now(),
               revision = j.revision + 1
          FROM chosen c
         WHERE j.ctid = c.slot
     RETURNING j.id, j.place, j.kind, j.tenant_id, j.subject_kind, j.subject_id,
               j.subject_name, j.input, j.traceparent, j.step, j.steps, j.attempt, j.crashes,
               j.lease, j.waiting_since
    )
    SELECT c.*, (SELECT count(*) FROM ready) FROM claimed c ORDER BY c.place;
END $$;
