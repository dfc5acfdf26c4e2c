-- What platforms asked for through Open Service Broker: their ids, and what became of them.
-- An entry outlives its service, because an id is never used again.

CREATE TABLE broker_entry (
    instance_id  text COLLATE "C" NOT NULL,
    -- Empty for the instance itself.
    binding_id   text COLLATE "C" NOT NULL,
    tenant_id    uuid NOT NULL,
    -- The service, or the binding.
    subject_id   uuid NOT NULL,
    -- What was asked for, by which a repeated call is told from another one.
    request      json NOT NULL,
    -- Who asked on the platform, as it says; null where it does not.
    originator   text,
    operation    text NOT NULL,
    job_id       uuid,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,

    CONSTRAINT broker_entry_has_its_ids PRIMARY KEY (instance_id, binding_id),
    CONSTRAINT broker_ids_are_short
        CHECK (length(instance_id) BETWEEN 1 AND 255 AND length(binding_id) <= 255),
    CONSTRAINT broker_operation_is_known
        CHECK (operation IN ('provision', 'update', 'deprovision', 'bind', 'unbind'))
);

CREATE INDEX broker_entry_by_subject ON broker_entry (subject_id);
