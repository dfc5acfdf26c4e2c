-- Repositories that turned out to have more bytes than are read: they are not fetched at each look.

CREATE TABLE catalog_refusal (
    -- The copy that would be made: of one revision, for one owner.
    copy       text COLLATE "C" PRIMARY KEY,
    -- For whom; null for the platform.
    tenant_id  uuid,
    -- The address of the repository in lower case, without its scheme: what hooks name it by.
    repository text COLLATE "C" NOT NULL,
    -- How often it was too large, one time after the other.
    count      integer NOT NULL,
    -- It is not fetched before, unless somebody asks for it.
    until      timestamptz NOT NULL,

    CONSTRAINT refusal_ends_with_its_tenant
        FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE,
    CONSTRAINT refusal_counts_from_one CHECK (count >= 1)
);

CREATE INDEX refusal_of_repository ON catalog_refusal (repository);
CREATE INDEX refusal_of_tenant ON catalog_refusal (tenant_id);
