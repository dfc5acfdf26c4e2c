-- A tenant has one source of a repository: what is delivered is for it, and nothing hides it.

-- Of several the oldest stays the one that is delivered to. The others keep their names and rules;
-- nothing reaches them until they are about another repository.
UPDATE source s SET repository_key = repository_key || '#' || id
 WHERE EXISTS (
    SELECT FROM source o
     WHERE o.tenant_id = s.tenant_id AND o.forge_id = s.forge_id
       AND o.repository_key = s.repository_key AND o.id < s.id);

ALTER TABLE source ADD CONSTRAINT source_repository_is_its_own_in_a_tenant
    UNIQUE (tenant_id, forge_id, repository_key);
