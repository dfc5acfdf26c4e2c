INSERT INTO management_cluster (
    id, name, labels, label_terms, spec, kubeconfig, is_default, phase, status, generation,
    revision, created_at, updated_at)
VALUES (
    '01936f00-0000-7000-8000-000000000301', 'main', '{}', '{}', '{"connection":"sandbox"}', NULL,
    true, 'ready', '{"phase":"ready"}', 1, 1, now(), now());

INSERT INTO management_cluster_observer (management_cluster_id, holder, expires_at)
VALUES ('01936f00-0000-7000-8000-000000000301', 'somebody', now());
