INSERT INTO cluster_class (
    id, name, labels, label_terms, definition, template, source_blueprint, source_version, phase,
    status, generation, revision, created_at, updated_at)
VALUES (
    '01936f00-0000-7000-8000-000000000303', 'old', '{}', '{}', '{}', 'kind: Cluster', 'platform',
    '1.0.0', 'withdrawn', '{"phase":"withdrawn"}', 1, 2, now(), now());
