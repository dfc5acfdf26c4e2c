-- When each environment is looked at next between its jobs. Beside the environment and not in it:
-- this is written with every look, and the environment's row only where something changed.

CREATE TABLE environment_look (
    environment_id uuid PRIMARY KEY,
    look_at        timestamptz NOT NULL,
    -- How often in a row it was not as it should be.
    lacking        integer NOT NULL DEFAULT 0,

    CONSTRAINT look_goes_with_its_environment
        FOREIGN KEY (environment_id) REFERENCES environment ON DELETE CASCADE,
    CONSTRAINT look_counts_from_nothing CHECK (lacking >= 0)
) WITH (fillfactor = 50);

CREATE INDEX environment_look_by_turn ON environment_look (look_at);

INSERT INTO environment_look (environment_id, look_at)
SELECT id, now() + random() * interval '60 seconds' FROM environment;
