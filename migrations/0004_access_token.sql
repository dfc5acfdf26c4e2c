-- Access tokens: who may call. The secret is not here, only its SHA-256.

CREATE TABLE access_token (
    id           uuid PRIMARY KEY,
    hash         bytea NOT NULL,
    -- The first characters of the secret, by which its owner recognises it.
    hint         text NOT NULL,
    name         text COLLATE "C" NOT NULL,
    labels       json NOT NULL,
    label_terms  text[] NOT NULL,
    role         text NOT NULL,
    tenant_id    uuid,
    created_at   timestamptz NOT NULL,
    created_by   text NOT NULL,
    expires_at   timestamptz,
    -- To the minute; not indexed, so that noting it stays cheap.
    last_used_at timestamptz,
    revoked_at   timestamptz,
    revision     bigint NOT NULL DEFAULT 1,

    CONSTRAINT token_is_unique UNIQUE (hash),
    CONSTRAINT token_hash_is_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT token_role_is_known CHECK (role IN (
        'platform-admin', 'platform-viewer', 'tenant-admin', 'developer', 'viewer', 'ci')),
    CONSTRAINT tenant_role_names_its_tenant
        CHECK ((role IN ('platform-admin', 'platform-viewer')) = (tenant_id IS NULL)),
    CONSTRAINT token_ends_with_its_tenant
        FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE,
    CONSTRAINT token_expires_after_it_was_made CHECK (expires_at > created_at),
    CONSTRAINT token_counts_from_one CHECK (revision >= 1)
) WITH (fillfactor = 80);

CREATE INDEX token_by_name ON access_token (name, id);
CREATE INDEX token_by_age ON access_token (created_at, id);
CREATE INDEX token_of_tenant ON access_token (tenant_id, name, id) WHERE tenant_id IS NOT NULL;
