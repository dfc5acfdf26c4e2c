INSERT INTO catalog_refusal (copy, tenant_id, repository, count, until)
SELECT id || '-9f1c', id, 'github.com/acme/big', 1, now() + interval '1 hour' FROM tenant LIMIT 1;
