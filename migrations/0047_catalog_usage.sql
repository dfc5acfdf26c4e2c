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

INSERT INTO catalog_usage (tenant_id, entities, bytes)
SELECT tenant_id, count(*), sum(octet_length(document::text))
  FROM catalog_entity GROUP BY tenant_id;

-- Whichever statement changes entities counts them, also when a tenant goes. In one order, so that
-- two do not wait for each other.
CREATE FUNCTION count_entities() RETURNS trigger LANGUAGE plpgsql AS $$
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
        UPDATE catalog_usage u
           SET entities = u.entities + d.entities, bytes = u.bytes + d.bytes
          FROM (SELECT c.tenant_id, sum(c.entities) AS entities, sum(c.bytes) AS bytes
                  FROM (SELECT a.tenant_id, 1 AS entities,
                               octet_length(a.document::text) AS bytes
                          FROM added a
                         UNION ALL
                        SELECT r.tenant_id, -1, -octet_length(r.document::text) FROM removed r) c
                 GROUP BY c.tenant_id
                HAVING sum(c.entities) <> 0 OR sum(c.bytes) <> 0) d
         WHERE u.tenant_id IS NOT DISTINCT FROM d.tenant_id;
        -- One that had none so far.
        INSERT INTO catalog_usage (tenant_id, entities, bytes)
        SELECT a.tenant_id, count(*), sum(octet_length(a.document::text))
          FROM added a
         WHERE NOT EXISTS (
            SELECT FROM catalog_usage u WHERE u.tenant_id IS NOT DISTINCT FROM a.tenant_id)
         GROUP BY a.tenant_id ORDER BY a.tenant_id
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END IF;
    UPDATE catalog_usage u
       SET entities = u.entities - r.entities, bytes = u.bytes - r.bytes
      FROM (SELECT r.tenant_id, count(*) AS entities,
                   sum(octet_length(r.document::text)) AS bytes
              FROM removed r GROUP BY r.tenant_id) r
     WHERE u.tenant_id IS NOT DISTINCT FROM r.tenant_id;
    DELETE FROM catalog_usage u
     USING (SELECT DISTINCT r.tenant_id FROM removed r) r
     WHERE u.tenant_id IS NOT DISTINCT FROM r.tenant_id AND u.entities = 0;
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
