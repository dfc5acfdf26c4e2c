-- The software catalog: entities in Backstage's format, and what they are found by.

CREATE TABLE catalog_entity (
    id         uuid PRIMARY KEY,
    -- 'component:acme/shop' in lower case: names that differ in case only are one entity.
    ref        text COLLATE "C" NOT NULL,
    -- As they were written.
    kind       text COLLATE "C" NOT NULL,
    namespace  text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    -- Whose it is; null for the platform's, which everybody sees.
    tenant_id  uuid,
    -- The location that holds it; null where it came through the API.
    location   text COLLATE "C",
    document   json NOT NULL,
    -- Hashes of its keys, and of its keys with their values: what filters look for.
    terms      bigint[] NOT NULL,
    words      tsvector NOT NULL,
    revision   bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT entity_name_is_unique UNIQUE (ref),
    CONSTRAINT entity_ends_with_its_tenant
        FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE,
    CONSTRAINT entity_counts_from_one CHECK (revision >= 1)
-- Documents go out of line, so that walking through many rows reads few pages.
) WITH (toast_tuple_target = 512);

ALTER TABLE catalog_entity ALTER COLUMN terms SET STORAGE MAIN;

CREATE INDEX entity_of_tenant ON catalog_entity (tenant_id, ref);
CREATE INDEX entity_by_change ON catalog_entity (updated_at, id);
CREATE INDEX entity_of_location ON catalog_entity (location, ref) WHERE location IS NOT NULL;
CREATE INDEX entity_by_term ON catalog_entity USING gin (terms) WITH (fastupdate = off);
CREATE INDEX entity_by_word ON catalog_entity USING gin (words) WITH (fastupdate = off);

-- The values of an entity under their flat keys, as they were written: what facets count.
CREATE TABLE catalog_key (
    entity_id uuid NOT NULL,
    key       text COLLATE "C" NOT NULL,
    value     text COLLATE "C" NOT NULL,

    CONSTRAINT key_ends_with_its_entity
        FOREIGN KEY (entity_id) REFERENCES catalog_entity ON DELETE CASCADE
);

CREATE INDEX catalog_key_by_value ON catalog_key (key, value);
CREATE INDEX catalog_key_of_entity ON catalog_key (entity_id, key);

-- What entities are to each other, both ways, each by the entity whose descriptor says so.
CREATE TABLE catalog_relation (
    entity_id uuid NOT NULL,
    tenant_id uuid,
    source    text COLLATE "C" NOT NULL,
    type      text COLLATE "C" NOT NULL,
    target    text COLLATE "C" NOT NULL,

    CONSTRAINT relation_is_said_once PRIMARY KEY (source, type, target, entity_id),
    CONSTRAINT relation_ends_with_its_entity
        FOREIGN KEY (entity_id) REFERENCES catalog_entity ON DELETE CASCADE
);

CREATE INDEX catalog_relation_by_target ON catalog_relation (type, target, source);
CREATE INDEX catalog_relation_of_entity ON catalog_relation (entity_id);

-- Every change of an entity is told, by whatever statement it is made, also when its tenant goes.
CREATE FUNCTION tell_of_entity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told catalog_entity;
    what text;
BEGIN
    told := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    what := CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END;
    INSERT INTO event (id, type, subject_kind, subject_id, subject_name, tenant_id, at, data)
    VALUES (
        gen_random_uuid(), 'dev.slipway.entity.' || what, 'entity', told.id, told.ref,
        told.tenant_id, CASE WHEN TG_OP = 'DELETE' THEN now() ELSE told.updated_at END,
        json_build_object(
            'entityRef', told.ref, 'uid', told.id, 'kind', told.kind,
            'namespace', told.namespace, 'name', told.name, 'etag', told.revision::text,
            'location', told.location));
    RETURN NULL;
END $$;

CREATE TRIGGER entity_is_told AFTER INSERT OR UPDATE OR DELETE ON catalog_entity
    FOR EACH ROW EXECUTE FUNCTION tell_of_entity();

-- The change feed of the catalog is a part of the event log.
CREATE INDEX event_of_entity ON event (position)
    WHERE position IS NOT NULL AND subject_kind = 'entity';
