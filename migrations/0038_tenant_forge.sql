-- Tenants may have their repository on a forge: which, what it is called there, and with what
-- clusters read it.

ALTER TABLE tenant
    ADD COLUMN forge_id uuid,
    ADD CONSTRAINT forge_leaves_no_repositories_behind
        FOREIGN KEY (forge_id) REFERENCES forge,
    ADD CONSTRAINT tenant_on_a_forge_names_it
        CHECK ((forge_id IS NULL) = (spec #> '{repository,forge}' IS NULL));

CREATE INDEX tenant_on_forge ON tenant (forge_id) WHERE forge_id IS NOT NULL;

-- What was made there. A row stands as long as Slipway has something to do with the repository.
CREATE TABLE forge_repository (
    tenant_id uuid PRIMARY KEY,
    -- What the forge calls it, whatever its name.
    remote_id text COLLATE "C" NOT NULL,
    -- The commit that was pushed first: what does not come after it was not made here.
    root      text COLLATE "C",
    made_at   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT tenant_leaves_no_forge_repository_behind
        FOREIGN KEY (tenant_id) REFERENCES tenant
);

-- With what clusters read the repository: one credential each, which the forge knows, too.
CREATE TABLE forge_reader (
    id         uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    -- What the cluster is called outside.
    cluster    text COLLATE "C" NOT NULL,
    -- What the forge calls the credential; null until it has it.
    remote_id  text COLLATE "C",
    username   text NOT NULL,
    -- Sealed.
    credential text NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT forge_reader_is_the_only_one_of_its_cluster UNIQUE (tenant_id, cluster),
    CONSTRAINT tenant_leaves_no_forge_reader_behind
        FOREIGN KEY (tenant_id) REFERENCES tenant
);
