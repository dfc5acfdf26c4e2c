-- Clusters: where the workloads of tenants run.

CREATE TABLE cluster (
    id                    uuid PRIMARY KEY,
    tenant_id             uuid NOT NULL,
    -- A tenant keeps its name, so that it can stand here.
    tenant_name           text COLLATE "C" NOT NULL,
    name                  text COLLATE "C" NOT NULL,
    -- Its name in the management cluster.
    slug                  text COLLATE "C" NOT NULL,
    kind                  text NOT NULL,
    management_cluster_id uuid NOT NULL,
    cluster_class_id      uuid,
    labels                json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms           text[] NOT NULL,
    spec                  json NOT NULL,
    -- The kubeconfig of an adopted cluster. Sealed; only a worker opens it.
    kubeconfig            text,
    -- What it counts for in the quotas of its tenant: as many nodes as its pools may grow to.
    nodes                 integer NOT NULL,
    is_asleep             boolean NOT NULL,
    phase                 text NOT NULL,
    status                json NOT NULL,
    generation            bigint NOT NULL,
    revision              bigint NOT NULL,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,

    CONSTRAINT cluster_name_is_unique_in_its_tenant UNIQUE (tenant_id, name),
    CONSTRAINT cluster_slug_is_unique UNIQUE (slug),
    CONSTRAINT cluster_name_is_a_short_label
        CHECK (name ~ '^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$'),
    CONSTRAINT tenant_leaves_no_clusters_behind FOREIGN KEY (tenant_id) REFERENCES tenant,
    CONSTRAINT cluster_is_in_a_management_cluster
        FOREIGN KEY (management_cluster_id) REFERENCES management_cluster,
    CONSTRAINT cluster_is_made_from_a_class
        FOREIGN KEY (cluster_class_id) REFERENCES cluster_class,
    CONSTRAINT cluster_kind_is_known CHECK (kind IN ('cluster', 'vcluster', 'namespace')),
    CONSTRAINT cluster_nodes_are_not_negative CHECK (nodes >= 0),
    CONSTRAINT cluster_phase_is_known CHECK (phase IN (
        'pending', 'provisioning', 'ready', 'updating', 'degraded', 'paused', 'asleep',
        'deleting')),
    CONSTRAINT cluster_counts_from_one CHECK (generation >= 1 AND revision >= generation)
) WITH (fillfactor = 80);

CREATE INDEX cluster_by_age ON cluster (tenant_id, created_at, id);
CREATE INDEX cluster_of_management_cluster ON cluster (management_cluster_id, kind);
CREATE INDEX cluster_of_class ON cluster (cluster_class_id) WHERE cluster_class_id IS NOT NULL;
