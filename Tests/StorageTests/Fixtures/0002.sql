INSERT INTO blueprint_version (id, blueprint_id, version, sort_key, tag, commit, state,
                               parameters, summary, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000001',
        '1.0.0', '"1"0"0~', 'v1.0.0', repeat('a', 40), 'default', '{"type":"object"}',
        'First version', now(), now());
