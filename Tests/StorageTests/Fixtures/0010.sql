INSERT INTO job_worker (id, name, kinds)
VALUES ('01900000-0000-7000-8000-000000000008', 'worker-1', '{tenant.provision}');
INSERT INTO job (id, kind, tenant_id, subject_kind, subject_id, subject_name, lane)
VALUES ('01900000-0000-7000-8000-000000000009', 'tenant.update',
        '01900000-0000-7000-8000-000000000003', 'tenant',
        '01900000-0000-7000-8000-000000000003', 'acme', 'tenant/acme');
INSERT INTO job_history (id, place, kind, tenant_id, subject_kind, subject_id, subject_name, lane,
                         input, state, steps, attempt, crashes, lease, revision, created_at)
VALUES ('01900000-0000-7000-8000-000000000007', 1, 'tenant.provision',
        '01900000-0000-7000-8000-000000000003', 'tenant',
        '01900000-0000-7000-8000-000000000003', 'acme', 'tenant/acme', '{}', 'completed', '[]',
        1, 0, 1, 2, now());
INSERT INTO job_log (job_id, step, level, text)
VALUES ('01900000-0000-7000-8000-000000000007', 'fork', 'info', 'Forked the blueprint');
