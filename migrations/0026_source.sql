-- Sources: repositories on forges whose pull requests and pushes make environments.

CREATE TABLE source (
    id             uuid PRIMARY KEY,
    tenant_id      uuid NOT NULL,
    name           text COLLATE "C" NOT NULL,
    labels         json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms    text[] NOT NULL,
    spec           json NOT NULL,
    forge_id       uuid NOT NULL,
    -- The repository in lower case: forges tell it as somebody once wrote it.
    repository_key text COLLATE "C" NOT NULL,
    -- Sealed.
    secret         text NOT NULL,
    delivered_at   timestamptz,
    generation     bigint NOT NULL,
    revision       bigint NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,

    CONSTRAINT source_name_is_unique_in_its_tenant UNIQUE (tenant_id, name),
    CONSTRAINT source_ends_with_its_tenant
        FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE,
    CONSTRAINT forge_leaves_no_sources_behind FOREIGN KEY (forge_id) REFERENCES forge,
    CONSTRAINT source_counts_from_one CHECK (generation >= 1 AND revision >= 1)
) WITH (fillfactor = 80);

CREATE INDEX source_by_age ON source (tenant_id, created_at, id);
CREATE INDEX source_by_repository ON source (repository_key, forge_id);

-- What is known of one pull request or branch, and what its forge was told of it.
CREATE TABLE source_thread (
    source_id     uuid NOT NULL,
    -- 'pull/7' or 'heads/main'.
    key           text COLLATE "C" NOT NULL,
    environment   text COLLATE "C",
    revision      text,
    told_at       timestamptz,
    -- The news that are handled once somebody approves of them.
    news          json NOT NULL,
    approved      text,
    is_held       boolean NOT NULL,
    is_open       boolean NOT NULL,
    refusal       text,
    updated_at    timestamptz NOT NULL,
    -- Goes up with everything above that the forge is to be told.
    wanted        bigint NOT NULL DEFAULT 1,
    -- Up to what it was told, and of which revision of the environment.
    reported      bigint NOT NULL DEFAULT 0,
    reported_of   bigint,
    -- What stands on the forge: the ids of its comment and deployment, and what they say.
    report        json NOT NULL DEFAULT '{}',
    report_due_at timestamptz,
    report_fault  text,

    CONSTRAINT thread_is_known_once PRIMARY KEY (source_id, key),
    CONSTRAINT thread_ends_with_its_source
        FOREIGN KEY (source_id) REFERENCES source ON DELETE CASCADE
) WITH (fillfactor = 70);

-- What a forge delivered, or somebody asked for once more, and what became of it.
CREATE TABLE source_delivery (
    id          uuid PRIMARY KEY,
    place       bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    source_id   uuid NOT NULL,
    cause       text NOT NULL,
    -- The forge's id, which nothing signs, and the digest of the content: either is enough to
    -- recognise a delivery that came before.
    key         text COLLATE "C",
    digest      bytea,
    thread      text COLLATE "C",
    event       json NOT NULL,
    state       text NOT NULL,
    outcome     text,
    environment text COLLATE "C",
    job_id      uuid,
    received_at timestamptz NOT NULL,
    ended_at    timestamptz,

    CONSTRAINT delivery_is_taken_once UNIQUE (source_id, key),
    CONSTRAINT delivery_is_not_replayed UNIQUE (source_id, digest),
    CONSTRAINT taken_delivery_ends_with_its_source
        FOREIGN KEY (source_id) REFERENCES source ON DELETE CASCADE,
    CONSTRAINT taken_delivery_cause_is_known CHECK (cause IN ('hook', 'approval')),
    CONSTRAINT taken_delivery_state_is_known CHECK (state IN (
        'accepted', 'done', 'ignored', 'superseded', 'held', 'refused')),
    CONSTRAINT taken_delivery_ends_at_a_moment CHECK ((state = 'accepted') = (ended_at IS NULL))
) WITH (fillfactor = 80);

CREATE INDEX taken_delivery_by_place ON source_delivery (source_id, place);
CREATE INDEX taken_delivery_waiting ON source_delivery (source_id, thread, place)
    WHERE state = 'accepted';
CREATE INDEX taken_delivery_ended ON source_delivery (ended_at) WHERE ended_at IS NOT NULL;
