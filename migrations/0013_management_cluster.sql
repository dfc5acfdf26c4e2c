-- Management clusters: the Kubernetes clusters in which clusters are ordered for tenants.

CREATE TABLE management_cluster (
    id          uuid PRIMARY KEY,
    name        text COLLATE "C" NOT NULL,
    labels      json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms text[] NOT NULL,
    spec        json NOT NULL,
    -- Sealed; only a worker opens it.
    kubeconfig  text,
    is_default  boolean NOT NULL,
    phase       text NOT NULL,
    status      json NOT NULL,
    generation  bigint NOT NULL,
    revision    bigint NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,

    CONSTRAINT management_cluster_name_is_unique UNIQUE (name),
    CONSTRAINT management_cluster_name_is_a_label
        CHECK (name ~ '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'),
    CONSTRAINT management_cluster_phase_is_known
        CHECK (phase IN ('pending', 'ready', 'degraded', 'unreachable', 'deleting')),
    CONSTRAINT management_cluster_counts_from_one CHECK (generation >= 1 AND revision >= generation)
) WITH (fillfactor = 80);

CREATE INDEX management_cluster_by_age ON management_cluster (created_at, id);
CREATE UNIQUE INDEX management_cluster_has_one_default ON management_cluster (is_default)
    WHERE is_default;

-- Which process watches a management cluster: one at a time, taken over once it has lapsed.
CREATE TABLE management_cluster_observer (
    management_cluster_id uuid PRIMARY KEY,
    holder                text NOT NULL,
    expires_at            timestamptz NOT NULL,

    CONSTRAINT observer_watches_a_management_cluster
        FOREIGN KEY (management_cluster_id) REFERENCES management_cluster ON DELETE CASCADE
) WITH (fillfactor = 50);
