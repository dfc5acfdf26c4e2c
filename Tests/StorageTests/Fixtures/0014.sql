INSERT INTO cluster_class (
    id, name, labels, label_terms, definition, template, phase, status, generation, revision,
    created_at, updated_at)
VALUES (
    '01936f00-0000-7000-8000-000000000302', 'dev', '{}', '{}', '{"provider":"docker"}',
    'kind: Cluster', 'ready', '{"phase":"ready"}', 1, 1, now(), now());
