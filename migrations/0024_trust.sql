-- Trusts: which pipelines get tokens without a stored secret, and what those tokens may do.

CREATE TABLE trust (
    id          uuid PRIMARY KEY,
    tenant_id   uuid NOT NULL,
    -- A tenant keeps its name, so that it can stand here.
    tenant_name text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    labels      json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms text[] NOT NULL,
    spec        json NOT NULL,
    used_at     timestamptz,
    generation  bigint NOT NULL,
    revision    bigint NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,

    CONSTRAINT trust_name_is_unique_in_its_tenant UNIQUE (tenant_id, name),
    CONSTRAINT trust_ends_with_its_tenant
        FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE,
    CONSTRAINT trust_counts_from_one CHECK (generation >= 1 AND revision >= generation)
) WITH (fillfactor = 80);

CREATE INDEX trust_by_age ON trust (tenant_id, created_at, id);

-- The trust that a token comes from, and what it said then. No reference: the token outlives it
-- for a day, revoked.
ALTER TABLE access_token
    ADD COLUMN trust_id uuid,
    -- Named so because GRANT is a word of SQL.
    ADD COLUMN pipeline json,
    ADD CONSTRAINT token_of_a_trust_is_a_pipelines
        CHECK ((trust_id IS NULL) = (pipeline IS NULL)
               AND (trust_id IS NULL OR role = 'ci' AND expires_at IS NOT NULL));

CREATE INDEX token_of_trust ON access_token (trust_id, expires_at) WHERE trust_id IS NOT NULL;

-- The trust that an environment was made by; null where a person or a hook made it.
ALTER TABLE environment ADD COLUMN trust_id uuid;

CREATE INDEX environment_of_trust ON environment (trust_id) WHERE trust_id IS NOT NULL;

-- Tokens of issuers that were exchanged: each works once.
CREATE TABLE exchanged_token (
    -- SHA-256 of issuer and `jti`.
    digest     bytea NOT NULL,
    -- When the issuer's token ends, and with it the need to know.
    expires_at timestamptz NOT NULL,

    CONSTRAINT token_is_exchanged_once PRIMARY KEY (digest),
    CONSTRAINT exchanged_digest_is_sha256 CHECK (octet_length(digest) = 32)
);

CREATE INDEX exchanged_token_by_end ON exchanged_token (expires_at);
