INSERT INTO receipt (token_id, key, fingerprint, status, headers, body)
VALUES ('01900000-0000-7000-8000-000000000005', 'key-1', sha256('request'), 202,
        '[["Location","/v1/jobs/01900000-0000-7000-8000-000000000007"]]', '{}');
