-- Scorecards: what the manifests of tenants' repositories came to, and how entities stand.

CREATE TABLE scorecard_file (
    location_id uuid NOT NULL,
    -- The path in the repository.
    path        text COLLATE "C" NOT NULL,
    -- The object that holds the content: a file with the same one is not read again.
    blob        text COLLATE "C" NOT NULL,
    report      json NOT NULL,

    CONSTRAINT manifest_is_known_once PRIMARY KEY (location_id, path),
    CONSTRAINT manifest_ends_with_its_location
        FOREIGN KEY (location_id) REFERENCES catalog_location ON DELETE CASCADE
) WITH (fillfactor = 80);

CREATE TABLE scorecard_result (
    ref       text COLLATE "C" NOT NULL,
    scorecard text COLLATE "C" NOT NULL,
    tenant_id uuid NOT NULL,
    -- Null where not even the lowest level is reached.
    level     text,
    met       integer NOT NULL,
    total     integer NOT NULL,
    rules     json NOT NULL,
    commit    text NOT NULL,
    at        timestamptz NOT NULL,

    CONSTRAINT result_is_the_only_one PRIMARY KEY (ref, scorecard),
    CONSTRAINT result_ends_with_its_tenant
        FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE,
    CONSTRAINT result_counts_its_rules CHECK (met BETWEEN 0 AND total)
) WITH (fillfactor = 80);

-- A row for each time that a result changed.
CREATE TABLE scorecard_history (
    ref       text COLLATE "C" NOT NULL,
    scorecard text COLLATE "C" NOT NULL,
    tenant_id uuid NOT NULL,
    level     text,
    met       integer NOT NULL,
    total     integer NOT NULL,
    commit    text NOT NULL,
    at        timestamptz NOT NULL,

    CONSTRAINT history_ends_with_its_tenant
        FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE
);

CREATE INDEX scorecard_history_in_order ON scorecard_history (ref, scorecard, at);
CREATE INDEX scorecard_result_of_tenant ON scorecard_result (tenant_id);
CREATE INDEX scorecard_history_of_tenant ON scorecard_history (tenant_id);
