INSERT INTO audit (
    at, actor, operation, object_kind, object_name, tenant_id, result, peer, request_id,
    cause_kind, cause_name)
VALUES (
    now(), 'ann', 'createService', 'service', 'acme/pr-7-db',
    '01900000-0000-7000-8000-000000000003', 'allowed', '127.0.0.1', 'r-1',
    'environment', 'acme/pr-7');
