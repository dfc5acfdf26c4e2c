-- The values of entities in lower case: what portals sort by and look into.

ALTER TABLE catalog_key ADD COLUMN folded text COLLATE "C";

-- Of what was written so far; what is written from now on is put into lower case before.
UPDATE catalog_key SET folded = lower(value);

ALTER TABLE catalog_key ALTER COLUMN folded SET NOT NULL;

CREATE INDEX catalog_key_in_order ON catalog_key (key, folded, entity_id);
