-- How much of the catalog each tenant has, and the platform: what limits are judged by, in the
-- transaction that reaches them.

CREATE TABLE catalog_usage (
    -- Null for the platform's.
    tenant_id uuid,
    entities  bigint NOT NULL,
    -- Of their descriptors.
    bytes     bigint NOT NULL,

    CONSTRAINT usage_is_of_one_owner UNIQUE NULLS NOT DISTINCT (tenant_id),
    CONSTRAINT usage_is_not_negative CHECK (entities >= 0 AND bytes >= 0)
) WITH (fillfactor = 50);

-- What others write at this moment is counted here or by the triggers, never by neither.
LOCK TABLE catalog_entity IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO catalog_usage (tenant_id, entities, bytes)
SELECT tenant_id, count(*), sum(octet_length(document::text))
  FROM catalog_entity GROUP BY tenant_id;

-- Whichever statement changes entities counts them, also when a tenant goes. Owner by owner in one
-- order, so that two do not wait for each other.
CREATE FUNCTION count_entities() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO catalog_usage AS u (tenant_id, entities, bytes)
        SELECT a.tenant_id, count(*), sum(octet_length(a.document::text))
          FROM added a GROUP BY a.tenant_id ORDER BY a.tenant_id
        ON CONFLICT ON CONSTRAINT usage_is_of_one_owner DO UPDATE
           SET entities = u.entities + excluded.entities, bytes = u.bytes + excluded.bytes;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        FOR change IN
            SELECT c.tenant_id, sum(c.entities) AS entities, sum(c.bytes) AS bytes
              FROM (SELECT a.tenant_id, 1 AS entities, octet_length(a.document::text) AS bytes
                      FROM added a
                     UNION ALL
                    SELECT r.tenant_id, -1, -octet_length(r.document::text) FROM removed r) c
             GROUP BY c.tenant_id
            HAVING sum(c.entities) <> 0 OR sum(c.bytes) <> 0
             ORDER BY c.tenant_id
        LOOP
            UPDATE catalog_usage u
               SET entities = u.entities + change.entities, bytes = u.bytes + change.bytes
             WHERE u.tenant_id IS NOT DISTINCT FROM change.tenant_id;
            CONTINUE WHEN FOUND;
            -- One that had none so far.
            INSERT INTO catalog_usage AS u (tenant_id, entities, bytes)
            VALUES (change.tenant_id, change.entities, change.bytes)
            ON CONFLICT ON CONSTRAINT usage_is_of_one_owner DO UPDATE
               SET entities = u.entities + excluded.entities, bytes = u.bytes + excluded.bytes;
        END LOOP;
        RETURN NULL;
    END IF;
    FOR change IN
        SELECT r.tenant_id, count(*) AS entities, sum(octet_length(r.document::text)) AS bytes
          FROM removed r GROUP BY r.tenant_id ORDER BY r.tenant_id
    LOOP
        UPDATE catalog_usage u
           SET entities = u.entities - change.entities, bytes = u.bytes - change.bytes
         WHERE u.tenant_id IS NOT DISTINCT FROM change.tenant_id;
        DELETE FROM catalog_usage u
         WHERE u.tenant_id IS NOT DISTINCT FROM change.tenant_id AND u.entities = 0;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER new_entities_are_counted AFTER INSERT ON catalog_entity
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_entities();
CREATE TRIGGER changed_entities_are_counted AFTER UPDATE ON catalog_entity
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_entities();
CREATE TRIGGER removed_entities_are_counted AFTER DELETE ON catalog_entity
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION count_entities();
