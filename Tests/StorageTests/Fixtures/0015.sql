INSERT INTO cluster (
    id, tenant_id, tenant_name, name, slug, kind, management_cluster_id, labels, label_terms, spec,
    nodes, is_asleep, phase, status, generation, revision, created_at, updated_at)
VALUES (
    '01936f00-0000-7000-8000-000000000303', '01900000-0000-7000-8000-000000000003', 'acme', 'main',
    'acme-main', 'vcluster', '01936f00-0000-7000-8000-000000000301', '{}', '{}',
    '{"kind":"vcluster","managementCluster":"main"}', 0, false, 'ready', '{"phase":"ready"}', 1, 1,
    now(), now());
