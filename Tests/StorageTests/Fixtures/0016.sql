-- What was there before can be read as what there is now.
DO $$
BEGIN
    IF (SELECT spec->>'isolation' FROM tenant WHERE name = 'acme') <> 'none' THEN
        RAISE EXCEPTION 'a tenant without isolation';
    END IF;
END $$;
