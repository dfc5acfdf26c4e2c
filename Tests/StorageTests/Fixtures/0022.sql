INSERT INTO deployment (
    id, environment_id, environment_name, tenant_id, number, state, origin, content, difference,
    requested_by, job_id, hold, revision, created_at)
VALUES (
    '01936f00-0000-7000-8000-000000000404', '01936f00-0000-7000-8000-000000000401', 'pr-7',
    '01900000-0000-7000-8000-000000000003', 2, 'held', '{"type":"request"}',
    '{"template":"web","images":{"app":"shop:2"}}', '{}', 'ci',
    '01936f00-0000-7000-8000-000000000405',
    '{"since":"2026-11-20T12:00:00Z","waiting":[],"approvals":[]}', 1, now());
