-- Environments: where a service of a tenant runs, for a pull request, a team or customers.

CREATE TABLE environment (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL,
    -- A tenant keeps its name, so that it can stand here.
    tenant_name  text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    type         text NOT NULL,
    -- The catalog's name of what runs in it; null where it is not of one service.
    service      text COLLATE "C",
    -- The cluster that it was put into; null for one that is made for it.
    cluster      text COLLATE "C",
    labels       json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms  text[] NOT NULL,
    spec         json NOT NULL,
    -- Whether it counts as awake in the quotas of its tenant.
    is_awake     boolean NOT NULL,
    used_at      timestamptz NOT NULL,
    phase        text NOT NULL,
    status       json NOT NULL,
    -- When it ends; null for never.
    expires_at   timestamptz,
    -- When time next does something to it, an end included; null for never.
    due_at       timestamptz,
    generation   bigint NOT NULL,
    revision     bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,

    CONSTRAINT environment_name_is_unique_in_its_tenant UNIQUE (tenant_id, name),
    CONSTRAINT environment_name_is_a_short_label
        CHECK (name ~ '^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$'),
    CONSTRAINT tenant_leaves_no_environments_behind FOREIGN KEY (tenant_id) REFERENCES tenant,
    CONSTRAINT environment_type_is_known
        CHECK (type IN ('ephemeral', 'development', 'staging', 'production')),
    CONSTRAINT environment_phase_is_known CHECK (phase IN (
        'pending', 'deploying', 'ready', 'degraded', 'failed', 'asleep', 'deleting')),
    CONSTRAINT environment_on_its_way_out_is_never_due
        CHECK (phase <> 'deleting' OR due_at IS NULL),
    CONSTRAINT environment_counts_from_one CHECK (generation >= 1 AND revision >= generation)
) WITH (fillfactor = 80);

CREATE INDEX environment_by_age ON environment (tenant_id, created_at, id);
-- What the sweep looks for, the longest overdue first.
CREATE INDEX environment_by_due ON environment (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX environment_by_expiry ON environment (expires_at, id) WHERE expires_at IS NOT NULL;
