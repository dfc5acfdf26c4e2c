INSERT INTO environment (
    id, tenant_id, tenant_name, name, type, service, cluster, labels, label_terms, spec, is_awake,
    used_at, phase, status, expires_at, due_at, generation, revision, created_at, updated_at)
VALUES (
    '01936f00-0000-7000-8000-000000000401', '01900000-0000-7000-8000-000000000003', 'acme', 'pr-7',
    'ephemeral', 'shop', 'main', '{}', '{}',
    '{"type":"ephemeral","template":{"name":"web"},"placement":{"cluster":"main"}}', true, now(),
    'ready', '{"phase":"ready","refreshedAt":"2026-11-21T12:00:00Z"}', now(), now(), 1, 1, now(),
    now());
