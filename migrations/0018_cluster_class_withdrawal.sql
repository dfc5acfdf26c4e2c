-- A class that its blueprint brings no longer stays until the last cluster made from it is gone.

ALTER TABLE cluster_class
    DROP CONSTRAINT cluster_class_phase_is_known,
    ADD CONSTRAINT cluster_class_phase_is_known
        CHECK (phase IN ('ready', 'faulty', 'withdrawn'));

CREATE INDEX cluster_class_of_blueprint ON cluster_class (source_blueprint)
    WHERE source_blueprint IS NOT NULL;
