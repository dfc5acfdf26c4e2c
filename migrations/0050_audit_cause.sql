-- What an entry of the audit log follows from where nobody called for it itself, such as the
-- environment that a service was ordered with.

ALTER TABLE audit
    ADD COLUMN cause_kind text,
    ADD COLUMN cause_id   uuid,
    ADD COLUMN cause_name text,
    ADD CONSTRAINT cause_has_a_kind_and_a_name
        CHECK ((cause_kind IS NULL) = (cause_name IS NULL));
