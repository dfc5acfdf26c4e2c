INSERT INTO access_token (id, hash, hint, name, labels, label_terms, role, tenant_id,
                          created_at, created_by, expires_at)
VALUES ('01900000-0000-7000-8000-000000000004', sha256('a'), 'slp_aaaa', 'ci', '{}', '{}', 'ci',
        '01900000-0000-7000-8000-000000000003', now(), 'admin', now() + interval '90 days'),
       ('01900000-0000-7000-8000-000000000005', sha256('b'), 'slp_bbbb', 'admin', '{}', '{}',
        'platform-admin', NULL, now(), 'system', NULL);
