INSERT INTO environment_plan (
    id, environment_id, tenant_id, content, approvals, revision, created_at, expires_at)
SELECT '01936f00-0000-7000-8000-000000000406', id, tenant_id, '{"wish":{},"by":"ci"}', '[]', 1,
       now(), now() + interval '1 day'
  FROM environment LIMIT 1;
