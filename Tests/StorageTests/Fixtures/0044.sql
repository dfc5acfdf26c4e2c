INSERT INTO scorecard_file (location_id, path, blob, report)
SELECT id, 'deploy.yaml', '9f1c3e5a7b9d0f2e4c6a8b0d1e3f5a7c9b1d3e5f', '{"workloads":0}'
  FROM catalog_location LIMIT 1;

INSERT INTO scorecard_result (
    ref, scorecard, tenant_id, level, met, total, rules, commit, at)
SELECT 'system:acme/acme', 'platform-native', id, 'bronze', 6, 12, '[]', '9f1c3e5a', now()
  FROM tenant LIMIT 1;

INSERT INTO scorecard_history (ref, scorecard, tenant_id, level, met, total, commit, at)
SELECT 'system:acme/acme', 'platform-native', id, 'bronze', 6, 12, '9f1c3e5a', now()
  FROM tenant LIMIT 1;
