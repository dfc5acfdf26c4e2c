INSERT INTO deployment (
    id, environment_id, environment_name, tenant_id, number, state, origin, content, difference,
    requested_by, job_id, outcome, revision, created_at, started_at, finished_at)
VALUES (
    '01936f00-0000-7000-8000-000000000402', '01936f00-0000-7000-8000-000000000401', 'pr-7',
    '01900000-0000-7000-8000-000000000003', 1, 'succeeded', '{"type":"request"}',
    '{"template":"web","images":{"app":"shop:1"}}', '{}', 'ci',
    '01936f00-0000-7000-8000-000000000403', 'It is live.', 2, now(), now(), now());
