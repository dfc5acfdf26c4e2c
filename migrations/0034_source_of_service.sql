-- A tenant has one source for each service of a repository, which may hold several services.

-- Of several for one service the oldest stays the one that is delivered to. The others keep their
-- names and rules; nothing reaches them until they are about something else.
UPDATE source s SET repository_key = repository_key || '#' || id
 WHERE EXISTS (
    SELECT FROM source o
     WHERE o.tenant_id = s.tenant_id AND o.forge_id = s.forge_id
       AND o.repository_key = s.repository_key
       AND coalesce(o.spec ->> 'service', '') = coalesce(s.spec ->> 'service', '')
       AND o.id < s.id);

CREATE UNIQUE INDEX source_repository_is_its_own_in_a_tenant
    ON source (tenant_id, forge_id, repository_key, coalesce(spec ->> 'service', ''));
