INSERT INTO webhook (
    id, name, labels, label_terms, tenant_id, spec, is_enabled, secret, switched_at, position,
    generation, revision, created_at, updated_at)
SELECT '01970000-0000-7000-8000-000000000019', 'chat', '{}', '{}', NULL,
       '{"url":"https://chat.example/hook","events":["*"],"enabled":true}', true, 'sealed', now(),
       0, 1, 1, now(), now();

INSERT INTO webhook_delivery (
    webhook_id, position, event_id, type, state, due_at, created_at)
VALUES ('01970000-0000-7000-8000-000000000019', 1, '01970000-0000-7000-8000-000000000020',
        'dev.slipway.tenant.ready', 'waiting', now(), now());
