-- Webhooks: who is told of which events by HTTP, and what became of each telling.

CREATE TABLE webhook (
    id              uuid PRIMARY KEY,
    name            text COLLATE "C" NOT NULL,
    labels          json NOT NULL,
    -- 'key' and 'key=value' of each label: what label selectors look for.
    label_terms     text[] NOT NULL,
    -- Whose events are sent; all events where there is none.
    tenant_id       uuid,
    spec            json NOT NULL,
    is_enabled      boolean NOT NULL,
    -- Both sealed; the one before signs as well until it ends.
    secret          text NOT NULL,
    previous_secret text,
    previous_until  timestamptz,
    -- Why Slipway disabled it.
    ban             text,
    switched_at     timestamptz NOT NULL,
    failing_since   timestamptz,
    failures        integer NOT NULL DEFAULT 0,
    delivered_at    timestamptz,
    paused_until    timestamptz,
    -- The last event that was matched; going back here is how events are replayed.
    position        bigint NOT NULL,
    -- Up to here what is matched was matched before.
    replay_until    bigint NOT NULL DEFAULT 0,
    replays_all     boolean NOT NULL DEFAULT false,
    -- Who sends for it: one process at a time, taken over once the lease has lapsed.
    lease           uuid,
    lease_until     timestamptz,
    generation      bigint NOT NULL,
    revision        bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,

    CONSTRAINT webhook_ends_with_its_tenant
        FOREIGN KEY (tenant_id) REFERENCES tenant ON DELETE CASCADE,
    CONSTRAINT webhook_ban_is_known CHECK (ban IN ('ReceiverGone', 'OnlyFailures')),
    CONSTRAINT webhook_is_banned_only_while_disabled CHECK (ban IS NULL OR NOT is_enabled),
    CONSTRAINT webhook_counts_from_one CHECK (generation >= 1 AND revision >= 1),
    CONSTRAINT webhook_counts_failures CHECK (failures >= 0 AND position >= 0)
) WITH (fillfactor = 50);

CREATE INDEX webhook_by_name ON webhook (name, id);
CREATE INDEX webhook_by_age ON webhook (created_at, id);
CREATE INDEX webhook_of_tenant ON webhook (tenant_id, name, id);

-- One event for one webhook. What is sent is read from the event log, which outlives it.
CREATE TABLE webhook_delivery (
    webhook_id uuid NOT NULL,
    position   bigint NOT NULL,
    event_id   uuid NOT NULL,
    type       text NOT NULL,
    state      text NOT NULL,
    attempts   integer NOT NULL DEFAULT 0,
    due_at     timestamptz,
    -- The last attempts: an array that is bounded by who writes it.
    log        json NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL,
    ended_at   timestamptz,

    CONSTRAINT delivery_is_made_once PRIMARY KEY (webhook_id, position),
    CONSTRAINT delivery_tells_an_event_once UNIQUE (webhook_id, event_id),
    CONSTRAINT delivery_ends_with_its_webhook
        FOREIGN KEY (webhook_id) REFERENCES webhook ON DELETE CASCADE,
    CONSTRAINT delivery_state_is_known CHECK (state IN ('waiting', 'delivered', 'failed')),
    CONSTRAINT delivery_waits_for_a_moment CHECK ((state = 'waiting') = (due_at IS NOT NULL)),
    CONSTRAINT delivery_ends_at_a_moment CHECK ((state = 'waiting') = (ended_at IS NULL))
) WITH (fillfactor = 80);

CREATE INDEX delivery_waiting ON webhook_delivery (webhook_id, position) WHERE state = 'waiting';
CREATE INDEX delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;
