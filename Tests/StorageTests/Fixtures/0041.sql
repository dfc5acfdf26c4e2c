INSERT INTO broker_entry (
    instance_id, binding_id, tenant_id, subject_id, request, originator, operation, job_id,
    created_at, updated_at)
VALUES (
    'instance', '', '01900000-0000-7000-8000-000000000003',
    '01936f00-0000-7000-8000-000000000901', '{"plan_id":"p"}', NULL, 'provision', NULL, now(),
    now());
