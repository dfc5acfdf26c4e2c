INSERT INTO event (id, type, subject_kind, subject_id, subject_name, tenant_id, at, data)
VALUES ('01900000-0000-7000-8000-000000000006', 'dev.slipway.tenant.ready', 'tenant',
        '01900000-0000-7000-8000-000000000003', 'acme', '01900000-0000-7000-8000-000000000003',
        now(), '{}');
SELECT place_events(0, 10);
