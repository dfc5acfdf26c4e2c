-- How often in a row time could do nothing to an environment: one that cannot be read or written is
-- tried again later and later, and keeps no other from its turn.

ALTER TABLE environment
    ADD COLUMN due_faults integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT environment_faults_are_counted CHECK (due_faults >= 0);
