-- Scorecards that people write, and what they are judged by without another look at repositories.

CREATE TABLE scorecard (
    id          uuid PRIMARY KEY,
    name        text COLLATE "C" NOT NULL,
    document    json NOT NULL,
    revision    bigint NOT NULL,
    -- When its entities are judged next.
    due_at      timestamptz NOT NULL,
    -- When they were judged last; null before.
    judged_at   timestamptz,
    -- How many they were then, and whether those were all.
    judged      integer NOT NULL DEFAULT 0,
    is_complete boolean NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,

    CONSTRAINT scorecard_name_is_unique UNIQUE (name),
    CONSTRAINT scorecard_judges_a_number CHECK (judged >= 0),
    CONSTRAINT scorecard_counts_from_one CHECK (revision >= 1)
) WITH (fillfactor = 80);

CREATE INDEX scorecard_by_due ON scorecard (due_at, id);

-- What the repository of a tenant came to, summed up.
CREATE TABLE scorecard_repository (
    location_id uuid PRIMARY KEY,
    facts       json NOT NULL,

    CONSTRAINT facts_end_with_their_location
        FOREIGN KEY (location_id) REFERENCES catalog_location ON DELETE CASCADE
);

-- Entities of the platform are judged as well, and rules may ask no repository.
ALTER TABLE scorecard_result ALTER COLUMN tenant_id DROP NOT NULL;
ALTER TABLE scorecard_result ALTER COLUMN commit DROP NOT NULL;
ALTER TABLE scorecard_history ALTER COLUMN tenant_id DROP NOT NULL;
ALTER TABLE scorecard_history ALTER COLUMN commit DROP NOT NULL;

CREATE INDEX scorecard_result_in_order ON scorecard_result (scorecard, ref);
