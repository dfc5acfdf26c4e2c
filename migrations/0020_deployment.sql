-- Deployments: the record of every roll-out. They outlive their environment and their tenant, as
-- events and the audit log do: nothing here refers to those tables.

CREATE TABLE deployment (
    id               uuid PRIMARY KEY,
    environment_id   uuid NOT NULL,
    environment_name text COLLATE "C" NOT NULL,
    tenant_id        uuid NOT NULL,
    number           bigint NOT NULL,
    state            text NOT NULL,
    origin           json NOT NULL,
    content          json NOT NULL,
    difference       json NOT NULL,
    requested_by     text NOT NULL,
    job_id           uuid NOT NULL,
    outcome          text,
    revision         bigint NOT NULL,
    created_at       timestamptz NOT NULL,
    started_at       timestamptz,
    finished_at      timestamptz,

    CONSTRAINT deployment_number_is_unique_in_its_environment UNIQUE (environment_id, number),
    CONSTRAINT deployment_counts_from_one CHECK (number >= 1 AND revision >= 1),
    CONSTRAINT deployment_state_is_known CHECK (state IN (
        'held', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'superseded')),
    CONSTRAINT deployment_is_finished_at_its_end
        CHECK ((finished_at IS NULL) = (state IN ('held', 'queued', 'running')))
);

-- The history of a name, over all the environments that bore it.
CREATE INDEX deployment_by_name ON deployment (tenant_id, environment_name, created_at, number, id);
