INSERT INTO forge_repository (tenant_id, remote_id, root)
SELECT id, '4711', '9f1c3e5a7b9d0f2e4c6a8b0d1e3f5a7c9b1d3e5f' FROM tenant LIMIT 1;

INSERT INTO forge_reader (id, tenant_id, cluster, remote_id, username, credential)
SELECT '01936f00-0000-7000-8000-000000000601', id, 'acme-main', '12', 'token', 'sealed'
  FROM tenant LIMIT 1;
