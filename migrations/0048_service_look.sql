-- When each service is looked at next between its jobs. Beside the service and not in it: this is
-- written with every look, and the service's row only where something changed.

CREATE TABLE service_look (
    service_id uuid PRIMARY KEY,
    look_at    timestamptz NOT NULL,
    -- How often in a row it was not as it should be.
    lacking    integer NOT NULL DEFAULT 0,

    CONSTRAINT service_look_goes_with_its_service
        FOREIGN KEY (service_id) REFERENCES service_instance ON DELETE CASCADE,
    CONSTRAINT service_look_counts_from_nothing CHECK (lacking >= 0)
) WITH (fillfactor = 50);

CREATE INDEX service_look_by_turn ON service_look (look_at);

INSERT INTO service_look (service_id, look_at)
SELECT id, now() + random() * interval '60 seconds' FROM service_instance;
