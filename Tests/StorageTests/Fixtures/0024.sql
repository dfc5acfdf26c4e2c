INSERT INTO trust (
    id, tenant_id, tenant_name, name, labels, label_terms, spec, generation, revision, created_at,
    updated_at)
SELECT '01970000-0000-7000-8000-000000000021', id, name, 'shop-ci', '{}', '{}',
       '{"issuer":"https://gitlab.com","audience":"https://slipway.example"}', 1, 1, now(), now()
  FROM tenant LIMIT 1;

INSERT INTO exchanged_token (digest, expires_at)
VALUES (decode(repeat('ab', 32), 'hex'), now());
