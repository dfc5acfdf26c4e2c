INSERT INTO catalog_key (entity_id, key, value, folded)
VALUES ('01936f00-0000-7000-8000-000000000601', 'metadata.name', 'Shop', 'shop');
