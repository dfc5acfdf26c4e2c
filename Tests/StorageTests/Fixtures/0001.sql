INSERT INTO blueprint (id, name, labels, label_terms, spec, credentials, phase, status,
                       generation, revision, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-000000000001', 'platform', '{"tier":"gold"}',
        '{tier,tier=gold}', '{"source":{"url":"/srv/platform.git","tagPattern":"*"}}', NULL,
        'ready',
        '{"phase":"ready","conditions":[],"observedGeneration":1,
          "defaultVersion":null,"versions":0,"job":null}',
        1, 1, now(), now());
