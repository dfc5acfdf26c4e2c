INSERT INTO inventory (tenant_id, driver, kind, name, detail)
VALUES ('01900000-0000-7000-8000-000000000003', 'gitops', 'repository', 'acme/platform', '{}');
