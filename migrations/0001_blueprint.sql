-- Blueprints: the Git repositories that the platform repositories of tenants are forked from.
-- Documents are json, not jsonb: they are rendered once, when written, and sent out as they are.

CREATE TABLE blueprint (
    id          uuid PRIMARY KEY,
    name        text COLLATE "C" NOT NULL,
    labels      json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms text[] NOT NULL,
    spec        json NOT NULL,
    -- Sealed; only a worker opens it.
    credentials text,
    phase       text NOT NULL,
    status      json NOT NULL,
    generation  bigint NOT NULL,
    revision    bigint NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,

    CONSTRAINT blueprint_name_is_unique UNIQUE (name),
    CONSTRAINT blueprint_name_is_a_label
        CHECK (name ~ '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'),
    CONSTRAINT blueprint_phase_is_known
        CHECK (phase IN ('pending', 'ready', 'failed', 'deleting')),
    CONSTRAINT blueprint_counts_from_one CHECK (generation >= 1 AND revision >= generation)
) WITH (fillfactor = 80);

CREATE INDEX blueprint_by_age ON blueprint (created_at, id);
