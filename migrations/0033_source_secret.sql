-- A source's secret can be changed without a moment in which deliveries are refused.

ALTER TABLE source
    -- Sealed; the one before proves deliveries as well until it ends.
    ADD COLUMN previous_secret text,
    ADD COLUMN previous_until  timestamptz,
    ADD CONSTRAINT source_secret_before_has_an_end
        CHECK ((previous_secret IS NULL) = (previous_until IS NULL));
