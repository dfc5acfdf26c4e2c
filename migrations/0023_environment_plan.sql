-- Plans: what a call would do to an environment, put down so that people can agree to exactly that.

CREATE TABLE environment_plan (
    id             uuid PRIMARY KEY,
    environment_id uuid NOT NULL,
    tenant_id      uuid NOT NULL,
    -- What was asked for, what it was decided on, what would change, and by whom; never changes.
    content        json NOT NULL,
    approvals      json NOT NULL,
    revision       bigint NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    applied_at     timestamptz,
    deployment_id  uuid,

    CONSTRAINT plan_ends_with_its_environment
        FOREIGN KEY (environment_id) REFERENCES environment ON DELETE CASCADE,
    CONSTRAINT plan_expires_after_it_was_made CHECK (expires_at > created_at),
    CONSTRAINT plan_counts_from_one CHECK (revision >= 1)
);

CREATE INDEX plan_of_environment ON environment_plan (environment_id, created_at, id);
