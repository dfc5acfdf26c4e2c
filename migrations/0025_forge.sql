-- Forges: connections to where people keep repositories and open pull requests.

CREATE TABLE forge (
    id           uuid PRIMARY KEY,
    name         text COLLATE "C" NOT NULL,
    labels       json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms  text[] NOT NULL,
    kind         text NOT NULL,
    spec         json NOT NULL,
    -- Sealed; nothing is reported without it.
    token        text,
    phase        text NOT NULL,
    message      text NOT NULL,
    since        timestamptz NOT NULL,
    checked_at   timestamptz,
    -- When it is looked at next; null where there is no token to try.
    check_due_at timestamptz,
    -- Who reports to it: one process at a time, taken over once the lease has lapsed.
    lease        uuid,
    lease_until  timestamptz,
    -- Until when it is left alone, and how often in a row it failed.
    paused_until timestamptz,
    failures     integer NOT NULL DEFAULT 0,
    generation   bigint NOT NULL,
    revision     bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,

    CONSTRAINT forge_name_is_unique UNIQUE (name),
    CONSTRAINT forge_kind_is_known CHECK (kind IN ('github', 'gitlab', 'gitea')),
    CONSTRAINT forge_phase_is_known CHECK (phase IN ('pending', 'ready', 'silent', 'failed')),
    CONSTRAINT forge_without_a_token_is_not_looked_at
        CHECK ((token IS NULL) = (check_due_at IS NULL)),
    CONSTRAINT forge_counts_from_one CHECK (generation >= 1 AND revision >= 1 AND failures >= 0)
) WITH (fillfactor = 50);

CREATE INDEX forge_by_age ON forge (created_at, id);
