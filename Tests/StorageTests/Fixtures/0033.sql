UPDATE source SET previous_secret = 'sealed before', previous_until = now() + interval '1 day';

-- A second source of the repository, which the next migration puts out of reach.
INSERT INTO source (
    id, tenant_id, name, labels, label_terms, spec, forge_id, repository_key, secret, generation,
    revision, created_at, updated_at)
SELECT '01936f00-0000-7000-8000-000000000504', tenant_id, 'shop-again', labels, label_terms, spec,
       forge_id, repository_key, secret, 1, 1, now(), now()
  FROM source;
