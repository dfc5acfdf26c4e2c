INSERT INTO audit (at, token_id, actor, operation, object_kind, object_id, object_name,
                   tenant_id, result, code, peer, request_id)
VALUES (now(), '01900000-0000-7000-8000-000000000005', 'admin', 'createTenant', 'tenant',
        '01900000-0000-7000-8000-000000000003', 'acme', '01900000-0000-7000-8000-000000000003',
        'allowed', NULL, '127.0.0.1', 'r1'),
       (now(), NULL, 'anonymous', 'deleteTenant', 'tenant', NULL, 'acme', NULL,
        'denied', 'unauthenticated', '127.0.0.1', 'r2');
