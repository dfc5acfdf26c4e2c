INSERT INTO sandbox_cluster (name, revision) VALUES ('management', 2);
INSERT INTO sandbox_object (cluster, api_group, kind, namespace, name, uid, created, revision,
                            owners, body)
VALUES ('management', '', 'Namespace', '', 'default', '5f0c7a3e-0000-4000-8000-000000000001', 1, 1,
        '{}', '{"metadata":{"name":"default"}}'),
       ('management', '', 'ConfigMap', 'default', 'a', '5f0c7a3e-0000-4000-8000-000000000002', 2, 2,
        '{5f0c7a3e-0000-4000-8000-000000000001}', '{"metadata":{"name":"a"}}');
