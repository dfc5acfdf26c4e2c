INSERT INTO source (
    id, tenant_id, name, labels, label_terms, spec, forge_id, repository_key, secret, generation,
    revision, created_at, updated_at)
SELECT '01936f00-0000-7000-8000-000000000502', id, 'shop', '{}', '{}',
       '{"forge":"github","repository":"acme/shop"}', '01936f00-0000-7000-8000-000000000501',
       'acme/shop', 'sealed', 1, 1, now(), now()
  FROM tenant LIMIT 1;

INSERT INTO source_thread (source_id, key, revision, news, is_held, is_open, updated_at)
VALUES ('01936f00-0000-7000-8000-000000000502', 'pull/7', repeat('a', 40),
        '{"repository":"acme/shop","type":"ping"}', false, true, now());

INSERT INTO source_delivery (
    id, source_id, cause, key, digest, thread, event, state, received_at)
VALUES ('01936f00-0000-7000-8000-000000000503', '01936f00-0000-7000-8000-000000000502', 'hook',
        'one', '\x00', 'pull/7', '{"repository":"acme/shop","type":"ping"}', 'accepted', now());
