-- The audit log: who did what to which object, from where, with which result. Append-only.

CREATE TABLE audit (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    token_id    uuid,
    actor       text NOT NULL,
    operation   text NOT NULL,
    object_kind text NOT NULL,
    object_id   uuid,
    object_name text NOT NULL,
    tenant_id   uuid,
    result      text NOT NULL,
    code        text,
    peer        text NOT NULL,
    request_id  text NOT NULL,

    CONSTRAINT audit_result_is_known CHECK (result IN ('allowed', 'denied', 'refused')),
    CONSTRAINT refusal_has_a_code CHECK ((result = 'allowed') = (code IS NULL))
);

CREATE INDEX audit_of_tenant ON audit (tenant_id, id) WHERE tenant_id IS NOT NULL;

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_is_append_only';
END $$;

CREATE TRIGGER audit_is_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT
    EXECUTE FUNCTION audit_is_append_only();
