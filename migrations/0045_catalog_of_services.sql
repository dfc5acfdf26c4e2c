-- Services appear in the catalog from now on. Programs from before follow the log on beside others
-- until all are replaced, and pass over what they do not know: what they do to `position` says
-- nothing about the columns here, which they leave alone.

ALTER TABLE catalog_follower
    -- The kinds of objects that all were looked at for; a program that knows more looks at
    -- everything.
    ADD COLUMN kinds    text[] NOT NULL DEFAULT '{}',
    -- The last event that was followed for all of them; null before everything was looked at once.
    ADD COLUMN followed bigint;
