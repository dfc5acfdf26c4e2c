-- Forges keep repositories of tenants: how, stands in the spec, and beside it the key that pushes.

ALTER TABLE forge
    -- Sealed; only where commits are pushed over SSH.
    ADD COLUMN ssh_key text;
