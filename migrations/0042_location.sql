-- Locations: files of descriptors in Git repositories, what was read of them, and by whom entities
-- are held.

CREATE TABLE catalog_location (
    id            uuid PRIMARY KEY,
    -- Whose entities it holds; null for the platform's.
    tenant_id     uuid,
    -- Whether it is the repository of its tenant, which Slipway found itself.
    is_discovered boolean NOT NULL,
    target        text COLLATE "C" NOT NULL,
    -- The address of the repository in lower case, without its scheme: what hooks name it by.
    repository    text COLLATE "C" NOT NULL,
    phase         text NOT NULL,
    status        json NOT NULL,
    -- When it is looked at next.
    due_at        timestamptz NOT NULL,
    revision      bigint NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,

    -- A tenant is not told what others registered.
    CONSTRAINT location_is_registered_once UNIQUE NULLS NOT DISTINCT (tenant_id, target),
    CONSTRAINT location_ends_with_its_tenant
        FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE,
    CONSTRAINT location_phase_is_known
        CHECK (phase IN ('pending', 'ready', 'degraded', 'failed')),
    CONSTRAINT discovered_location_has_a_tenant CHECK (NOT is_discovered OR tenant_id IS NOT NULL),
    CONSTRAINT location_counts_from_one CHECK (revision >= 1)
) WITH (fillfactor = 80);

CREATE INDEX location_by_age ON catalog_location (created_at, id);
CREATE INDEX location_by_due ON catalog_location (due_at, id);
CREATE INDEX location_of_repository ON catalog_location (repository);
CREATE UNIQUE INDEX location_is_discovered_once ON catalog_location (tenant_id)
    WHERE is_discovered;

-- The files of a location as they were read last.
CREATE TABLE catalog_file (
    location_id uuid NOT NULL,
    target      text COLLATE "C" NOT NULL,
    repository  text COLLATE "C" NOT NULL,
    -- The object that holds the content: a file with the same one is not read again.
    blob        text COLLATE "C" NOT NULL,
    -- The targets that its entities of kind Location name.
    links       text[] NOT NULL,
    problems    json NOT NULL,
    is_faulty   boolean NOT NULL,

    CONSTRAINT file_is_known_once PRIMARY KEY (location_id, target),
    CONSTRAINT file_ends_with_its_location
        FOREIGN KEY (location_id) REFERENCES catalog_location ON DELETE CASCADE
) WITH (fillfactor = 80);

CREATE INDEX file_of_repository ON catalog_file (repository, location_id);
CREATE INDEX file_with_faults ON catalog_file (location_id, target) WHERE is_faulty;

-- Which entities a file says there are. The first location to say so holds the entity; what others
-- say of it is seen here, and nowhere else.
CREATE TABLE catalog_claim (
    location_id uuid NOT NULL,
    file        text COLLATE "C" NOT NULL,
    ref         text COLLATE "C" NOT NULL,
    line        integer NOT NULL,

    CONSTRAINT claim_is_made_once PRIMARY KEY (location_id, file, ref),
    CONSTRAINT claim_ends_with_its_file
        FOREIGN KEY (location_id, file) REFERENCES catalog_file ON DELETE CASCADE
);

CREATE INDEX claim_of_entity ON catalog_claim (ref, location_id);

ALTER TABLE catalog_entity
    -- The location that led to the file that `location` names.
    ADD COLUMN location_id uuid,
    ADD COLUMN origin      text COLLATE "C",
    -- Since when nothing leads to it any more.
    ADD COLUMN orphaned_at timestamptz,
    ADD CONSTRAINT entity_ends_with_its_location
        FOREIGN KEY (location_id) REFERENCES catalog_location ON DELETE CASCADE;

-- What was held before said where it comes from once.
UPDATE catalog_entity SET origin = location WHERE location IS NOT NULL;

ALTER TABLE catalog_entity
    ADD CONSTRAINT held_entity_says_by_whom CHECK ((location IS NULL) = (origin IS NULL)),
    ADD CONSTRAINT orphan_was_held CHECK (orphaned_at IS NULL OR location IS NOT NULL);

CREATE INDEX entity_held_by ON catalog_entity (location_id, location)
    WHERE location_id IS NOT NULL;
CREATE INDEX entity_without_parents ON catalog_entity (orphaned_at)
    WHERE orphaned_at IS NOT NULL;
