-- Services that tenants have ordered: one row for each instance of an offering.

CREATE TABLE service_instance (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL,
    -- A tenant keeps its name, so that it can stand here.
    tenant_name  text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    offering     text COLLATE "C" NOT NULL,
    -- The environment that it belongs to; null where it belongs to the tenant.
    environment  text COLLATE "C",
    -- The tenant's cluster that it was put into; null for that of its environment.
    cluster      text COLLATE "C",
    labels       json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms  text[] NOT NULL,
    spec         json NOT NULL,
    -- What the newest delivery renders.
    terms        json NOT NULL,
    -- Its parameters with what the plan sets, by which changes are judged; never shown.
    complete     json NOT NULL,
    phase        text NOT NULL,
    status       json NOT NULL,
    generation   bigint NOT NULL,
    revision     bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,

    CONSTRAINT service_name_is_unique_in_its_tenant UNIQUE (tenant_id, name),
    CONSTRAINT service_name_is_a_short_label_with_a_letter_first
        CHECK (name ~ '^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$'),
    CONSTRAINT tenant_leaves_no_services_behind FOREIGN KEY (tenant_id) REFERENCES tenant,
    CONSTRAINT service_is_in_one_place CHECK ((environment IS NULL) <> (cluster IS NULL)),
    CONSTRAINT service_phase_is_known CHECK (phase IN (
        'pending', 'provisioning', 'ready', 'degraded', 'failed', 'paused', 'deleting')),
    CONSTRAINT service_counts_from_one CHECK (generation >= 1 AND revision >= generation)
) WITH (fillfactor = 80);

CREATE INDEX service_by_age ON service_instance (tenant_id, created_at, id);
-- What goes with an environment.
CREATE INDEX service_by_environment ON service_instance (tenant_id, environment)
    WHERE environment IS NOT NULL;
