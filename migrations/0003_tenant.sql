-- Tenants: what their owners want and what Slipway made of it.

CREATE TABLE tenant (
    id           uuid PRIMARY KEY,
    name         text COLLATE "C" NOT NULL,
    labels       json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms  text[] NOT NULL,
    blueprint_id uuid NOT NULL,
    spec         json NOT NULL,
    phase        text NOT NULL,
    status       json NOT NULL,
    -- The platform repository, once it is there.
    repository   json,
    generation   bigint NOT NULL,
    revision     bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,

    CONSTRAINT tenant_name_is_unique UNIQUE (name),
    CONSTRAINT tenant_name_is_a_label CHECK (name ~ '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'),
    CONSTRAINT tenant_is_made_from_a_blueprint
        FOREIGN KEY (blueprint_id) REFERENCES blueprint,
    CONSTRAINT tenant_phase_is_known CHECK (phase IN (
        'pending', 'provisioning', 'ready', 'degraded', 'suspended', 'deleting')),
    CONSTRAINT tenant_counts_from_one CHECK (generation >= 1 AND revision >= generation)
) WITH (fillfactor = 80);

CREATE INDEX tenant_by_age ON tenant (created_at, id);
CREATE INDEX tenant_of_blueprint ON tenant (blueprint_id, name);
-- Most tenants are ready; the others are what a phase filter is for.
CREATE INDEX tenant_unsettled ON tenant (phase, name) WHERE phase <> 'ready';
-- A tenant without labels is found by no selector that this index serves.
CREATE INDEX tenant_labelled ON tenant USING gin (label_terms) WHERE label_terms <> '{}';
