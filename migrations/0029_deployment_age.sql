-- The records of environments that are gone are removed when they are old: this finds them.

CREATE INDEX deployment_by_age ON deployment (created_at);
