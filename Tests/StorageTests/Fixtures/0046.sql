INSERT INTO scorecard (id, name, document, revision, due_at, created_at, updated_at)
VALUES (gen_random_uuid(), 'services', '{"kind":"Scorecard"}', 1, now(), now(), now());

INSERT INTO scorecard_repository (location_id, facts)
SELECT id, '{"commit":"9f1c3e5a","findings":{},"paths":["README.md"]}'
  FROM catalog_location LIMIT 1;
