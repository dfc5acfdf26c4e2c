-- Cluster classes: published templates, and what Slipway's words mean in them.

CREATE TABLE cluster_class (
    id               uuid PRIMARY KEY,
    name             text COLLATE "C" NOT NULL,
    labels           json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms      text[] NOT NULL,
    -- What was sent, without the template.
    definition       json NOT NULL,
    -- As it was published.
    template         text NOT NULL,
    -- The blueprint's version that it comes from, where it was not sent.
    source_blueprint text COLLATE "C",
    source_version   text COLLATE "C",
    phase            text NOT NULL,
    status           json NOT NULL,
    generation       bigint NOT NULL,
    revision         bigint NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,

    CONSTRAINT cluster_class_name_is_unique UNIQUE (name),
    CONSTRAINT cluster_class_name_is_a_label
        CHECK (name ~ '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'),
    CONSTRAINT cluster_class_source_is_whole
        CHECK ((source_blueprint IS NULL) = (source_version IS NULL)),
    CONSTRAINT cluster_class_phase_is_known CHECK (phase IN ('ready', 'faulty')),
    CONSTRAINT cluster_class_counts_from_one CHECK (generation >= 1 AND revision >= generation)
) WITH (fillfactor = 80);

CREATE INDEX cluster_class_by_age ON cluster_class (created_at, id);
