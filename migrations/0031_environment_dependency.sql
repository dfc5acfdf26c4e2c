-- Which environments depend on which, so that none is deleted that others need.

ALTER TABLE environment
    -- The names of those that it depends on, as its spec has them.
    ADD COLUMN needs text[] COLLATE "C" NOT NULL DEFAULT '{}',
    -- The names of those that depend on it and are not on their way out.
    ADD COLUMN needed_by text[] COLLATE "C" NOT NULL DEFAULT '{}';

UPDATE environment
   SET needs = ARRAY(
           SELECT DISTINCT d ->> 'environment' FROM json_array_elements(spec -> 'dependencies') d
            ORDER BY 1)
 WHERE json_typeof(spec -> 'dependencies') = 'array'
   AND json_array_length(spec -> 'dependencies') > 0;

UPDATE environment
   SET needed_by = ARRAY(
           SELECT d.name FROM environment d
            WHERE d.tenant_id = environment.tenant_id AND d.phase <> 'deleting'
              AND environment.name = ANY (d.needs)
            ORDER BY 1);

CREATE INDEX environment_needing ON environment (tenant_id) WHERE needs <> '{}';
CREATE INDEX environment_needed ON environment (tenant_id) WHERE needed_by <> '{}';
