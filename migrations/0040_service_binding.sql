-- Bindings: a consumer's access to a service. No value of a credential is in any column.

CREATE TABLE service_binding (
    id           uuid PRIMARY KEY,
    service_id   uuid NOT NULL,
    -- A service keeps its name, and so does a tenant.
    service_name text COLLATE "C" NOT NULL,
    tenant_id    uuid NOT NULL,
    tenant_name  text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    -- The environment in whose namespace the Secret is; null for every other consumer.
    environment  text COLLATE "C",
    labels       json NOT NULL,
    label_terms  text[] NOT NULL,
    spec         json NOT NULL,
    phase        text NOT NULL,
    status       json NOT NULL,
    -- When a credential goes or the next one is made; null for never.
    due_at       timestamptz,
    -- How many times in a row nothing could be done to it when it was due.
    due_faults   integer NOT NULL DEFAULT 0,
    generation   bigint NOT NULL,
    revision     bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,

    CONSTRAINT binding_name_is_unique_in_its_service UNIQUE (service_id, name),
    CONSTRAINT binding_name_is_a_short_label CHECK (name ~ '^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?$'),
    CONSTRAINT service_leaves_no_bindings_behind
        FOREIGN KEY (service_id) REFERENCES service_instance,
    CONSTRAINT binding_phase_is_known CHECK (phase IN (
        'pending', 'issuing', 'ready', 'rotating', 'failed', 'revoking')),
    CONSTRAINT binding_on_its_way_out_is_never_due CHECK (phase <> 'revoking' OR due_at IS NULL),
    CONSTRAINT binding_faults_are_counted CHECK (due_faults >= 0),
    CONSTRAINT binding_counts_from_one CHECK (generation >= 1 AND revision >= generation)
) WITH (fillfactor = 80);

CREATE INDEX binding_by_age ON service_binding (service_id, created_at, id);
-- What goes with an environment.
CREATE INDEX binding_by_environment ON service_binding (tenant_id, environment)
    WHERE environment IS NOT NULL;
-- What the sweep looks for, the longest overdue first.
CREATE INDEX binding_by_due ON service_binding (due_at, id) WHERE due_at IS NOT NULL;
