-- The event log: facts in one order, although transactions end out of order.
-- A row is written without a position, in the transaction of what it tells; once that has ended,
-- place_events gives it the next position. Readers see positions only, and positions appear in
-- order: whoever has read up to one has missed none before it.

CREATE TABLE event (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position     bigint,
    id           uuid NOT NULL,
    type         text NOT NULL,
    subject_kind text NOT NULL,
    subject_id   uuid,
    subject_name text NOT NULL,
    tenant_id    uuid,
    at           timestamptz NOT NULL,
    data         json NOT NULL,

    CONSTRAINT event_position_counts_from_one CHECK (position >= 1)
) WITH (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);

CREATE INDEX event_unplaced ON event (seq) WHERE position IS NULL;
CREATE UNIQUE INDEX event_has_its_own_position ON event (position) WHERE position IS NOT NULL;
CREATE INDEX event_of_tenant ON event (tenant_id, position)
    WHERE position IS NOT NULL AND tenant_id IS NOT NULL;

-- One row: how far positions were given out, and up to which events were deleted for their age.
CREATE TABLE event_log (
    only_row boolean PRIMARY KEY DEFAULT true,
    last     bigint NOT NULL DEFAULT 0,
    trimmed  bigint NOT NULL DEFAULT 0,

    CONSTRAINT event_log_is_one_row CHECK (only_row),
    CONSTRAINT event_log_is_trimmed_from_the_front CHECK (trimmed BETWEEN 0 AND last)
) WITH (fillfactor = 10);

INSERT INTO event_log DEFAULT VALUES;

-- Gives positions to up to `room` events behind `from_seq`; nothing while another process does.
-- A function, because its second statement must see what ended before it had the lock, and
-- because the server finishes it without the process that called.
CREATE FUNCTION place_events(from_seq bigint, room integer)
    RETURNS TABLE (placed bigint, last_seq bigint) LANGUAGE plpgsql AS $$
DECLARE
    base bigint;
BEGIN
    SELECT last INTO base FROM event_log FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 0::bigint, 0::bigint;
        RETURN;
    END IF;
    RETURN QUERY
    WITH batch AS MATERIALIZED (
        SELECT e.seq FROM event e
         WHERE e.position IS NULL AND e.seq > from_seq
         ORDER BY e.seq
         LIMIT room
    ), numbered AS MATERIALIZED (
        SELECT b.seq, row_number() OVER (ORDER BY b.seq) AS place FROM batch b
    ), moved AS (
        UPDATE event e SET position = base + n.place
          FROM numbered n
         WHERE e.seq = n.seq
     RETURNING e.seq
    ), counted AS (
        SELECT count(*) AS placed, max(m.seq) AS last_seq FROM moved m
    ), noted AS (
        UPDATE event_log SET last = base + c.placed FROM counted c WHERE c.placed > 0
    )
    SELECT c.placed, coalesce(c.last_seq, 0) FROM counted c;
END $$;
