-- The sandbox: objects of the clusters that Slipway plays itself, and a counter for each cluster.

CREATE TABLE sandbox_cluster (
    name      text COLLATE "C" PRIMARY KEY,
    -- The newest revision. Whoever writes an object changes this row first, so that revisions
    -- become visible in their order.
    revision  bigint NOT NULL DEFAULT 0,
    -- Up to here deletions are forgotten.
    compacted bigint NOT NULL DEFAULT 0,
    made_at   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT what_is_forgotten_has_happened CHECK (compacted <= revision)
) WITH (fillfactor = 20);

CREATE TABLE sandbox_object (
    cluster    text COLLATE "C" NOT NULL,
    api_group  text COLLATE "C" NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    -- Empty for objects that belong to the whole cluster.
    namespace  text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    uid        text COLLATE "C" NOT NULL,
    created    bigint NOT NULL,
    revision   bigint NOT NULL,
    -- What is deleted stays for a while, so that watches can tell of it.
    is_deleted boolean NOT NULL DEFAULT false,
    -- The uids of the owners.
    owners     text[] NOT NULL,
    body       json NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (cluster, uid),
    CONSTRAINT sandbox_object_is_in_a_cluster
        FOREIGN KEY (cluster) REFERENCES sandbox_cluster ON DELETE CASCADE
);

CREATE UNIQUE INDEX sandbox_object_key
    ON sandbox_object (cluster, api_group, kind, namespace, name) WHERE NOT is_deleted;
CREATE INDEX sandbox_object_change ON sandbox_object (cluster, revision);
CREATE INDEX sandbox_object_kind_change ON sandbox_object (cluster, api_group, kind, revision);
CREATE INDEX sandbox_object_namespace
    ON sandbox_object (cluster, namespace) WHERE NOT is_deleted AND namespace <> '';
CREATE INDEX sandbox_object_owner
    ON sandbox_object USING gin (owners) WHERE NOT is_deleted AND owners <> '{}';
CREATE INDEX sandbox_object_tombstone ON sandbox_object (written_at) WHERE is_deleted;
