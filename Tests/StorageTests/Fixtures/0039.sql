INSERT INTO service_instance (
    id, tenant_id, tenant_name, name, offering, environment, cluster, labels, label_terms, spec,
    terms, complete, phase, status, generation, revision, created_at, updated_at)
VALUES (
    '01936f00-0000-7000-8000-000000000901', '01900000-0000-7000-8000-000000000003', 'acme', 'db',
    'postgresql', NULL, 'main', '{}', '{}',
    '{"offering":{"name":"postgresql","version":"1.0.0"},"plan":"small","cluster":"main"}',
    '{"offering":{"name":"postgresql","version":"1.0.0"},"plan":"small"}', '{}',
    'ready', '{"phase":"ready"}', 1, 1, now(), now());
