INSERT INTO service_binding (
    id, service_id, service_name, tenant_id, tenant_name, name, environment, labels, label_terms,
    spec, phase, status, due_at, generation, revision, created_at, updated_at)
VALUES (
    '01936f00-0000-7000-8000-000000000902', '01936f00-0000-7000-8000-000000000901', 'db',
    '01900000-0000-7000-8000-000000000003', 'acme', 'shop', 'pr-7', '{}', '{}',
    '{"consumer":{"environment":"pr-7"},"delivery":"secret"}', 'ready', '{"phase":"ready"}',
    now(), 1, 1, now(), now());
