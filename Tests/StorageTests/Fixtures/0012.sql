INSERT INTO job_history (id, place, kind, subject_kind, subject_name, input, state, steps, attempt,
                         crashes, lease, revision, created_at, last_step, last_evidence,
                         last_started_at)
VALUES ('01900000-0000-7000-8000-00000000000c', 3, 'bench.noop', 'platform', 'bench', '{}',
        'completed', '[]', 1, 0, 1, 2, now(), 'nothing', '{}', now());
