INSERT INTO catalog_location (
    id, tenant_id, is_discovered, target, repository, phase, status, due_at, revision, created_at,
    updated_at)
SELECT '01936f00-0000-7000-8000-000000000701', id, false,
       'https://github.com/acme/shop/blob/main/catalog-info.yaml', 'github.com/acme/shop', 'ready',
       '{"phase":"ready"}', now(), 1, now(), now()
  FROM tenant LIMIT 1;

INSERT INTO catalog_file (location_id, target, repository, blob, links, problems, is_faulty)
VALUES ('01936f00-0000-7000-8000-000000000701',
        'https://github.com/acme/shop/blob/main/catalog-info.yaml', 'github.com/acme/shop',
        '9f1c3e5a7b9d0f2e4c6a8b0d1e3f5a7c9b1d3e5f', '{}', '[]', false);

INSERT INTO catalog_claim (location_id, file, ref, line)
VALUES ('01936f00-0000-7000-8000-000000000701',
        'https://github.com/acme/shop/blob/main/catalog-info.yaml', 'component:acme/shop', 1);
