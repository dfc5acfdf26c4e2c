INSERT INTO service_binding (
    id, service_id, service_name, tenant_id, tenant_name, name, environment, labels, label_terms,
    spec, phase, status, due_at, generation, revision, created_at, updated_at)
VALUES (
    '01936f00-0000-7000-8000-000000000903', '01936f00-0000-7000-8000-000000000901', 'db',
    '01900000-0000-7000-8000-000000000003', 'acme', 'team', NULL, '{}', '{}',
    '{"consumer":{"cluster":"main","namespace":"team-a"},"delivery":"secret","secret":"login"}',
    'ready', '{"phase":"ready"}', NULL, 1, 1, now(), now());
