-- How far the catalog has followed the event log with entities of Slipway's own objects.

CREATE TABLE catalog_follower (
    only_row boolean PRIMARY KEY DEFAULT true,
    -- The last event that was followed; null before everything was looked at once.
    position bigint,

    CONSTRAINT catalog_follower_is_one_row CHECK (only_row)
) WITH (fillfactor = 10);

INSERT INTO catalog_follower DEFAULT VALUES;
