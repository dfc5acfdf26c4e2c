INSERT INTO former_tenant (id, name, removed_at)
VALUES ('01900000-0000-7000-8000-00000000000b', 'umbrella', now());
