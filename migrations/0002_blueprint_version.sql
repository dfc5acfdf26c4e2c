-- Versions of blueprints: a tag is pinned to the commit that it named when it was found.

CREATE TABLE blueprint_version (
    id           uuid PRIMARY KEY,
    blueprint_id uuid NOT NULL,
    version      text COLLATE "C" NOT NULL,
    -- Sorts bytewise as SemVer orders versions.
    sort_key     text COLLATE "C" NOT NULL,
    tag          text NOT NULL,
    commit       text NOT NULL,
    state        text NOT NULL,
    -- The JSON Schema of the parameters.
    parameters   json NOT NULL,
    summary      text NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    revision     bigint NOT NULL DEFAULT 1,

    CONSTRAINT version_belongs_to_a_blueprint
        FOREIGN KEY (blueprint_id) REFERENCES blueprint ON DELETE CASCADE,
    CONSTRAINT version_is_unique_in_its_blueprint UNIQUE (blueprint_id, version),
    CONSTRAINT version_state_is_known
        CHECK (state IN ('proposed', 'default', 'deprecated', 'defective')),
    CONSTRAINT version_commit_is_a_hash CHECK (commit ~ '^[0-9a-f]{40}$'),
    CONSTRAINT version_counts_from_one CHECK (revision >= 1)
);

CREATE UNIQUE INDEX blueprint_has_one_default ON blueprint_version (blueprint_id)
    WHERE state = 'default';
CREATE INDEX version_by_precedence ON blueprint_version (blueprint_id, sort_key, id);
