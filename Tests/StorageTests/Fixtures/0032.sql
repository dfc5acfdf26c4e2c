INSERT INTO catalog_entity (
    id, ref, kind, namespace, name, tenant_id, document, terms, words, revision, created_at,
    updated_at)
SELECT '01936f00-0000-7000-8000-000000000601', 'component:acme/shop', 'Component', 'acme', 'shop',
       id, '{"apiVersion":"backstage.io/v1alpha1","kind":"Component"}', '{1,2}', 'shop:1A', 1,
       now(), now()
  FROM tenant LIMIT 1;

INSERT INTO catalog_key (entity_id, key, value)
VALUES ('01936f00-0000-7000-8000-000000000601', 'kind', 'Component');

INSERT INTO catalog_relation (entity_id, source, type, target)
VALUES ('01936f00-0000-7000-8000-000000000601', 'component:acme/shop', 'ownedBy',
        'group:acme/team-a');
