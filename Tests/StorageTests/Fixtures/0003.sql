INSERT INTO tenant (id, name, labels, label_terms, blueprint_id, spec, phase, status,
                    generation, revision, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-000000000003', 'acme', '{}', '{}',
        '01900000-0000-7000-8000-000000000001',
        '{"displayName":"Acme","owners":[],"blueprint":"platform","version":null,
          "parameters":{},"deleteProtection":false,"suspended":false}',
        'ready',
        '{"phase":"ready","conditions":[],"observedGeneration":1,
          "version":"1.0.0","job":null}',
        1, 1, now(), now());
