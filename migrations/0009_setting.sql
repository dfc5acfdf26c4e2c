-- Settings that all processes of one installation share, such as the key that signs cursors.

CREATE TABLE setting (
    name    text PRIMARY KEY,
    value   bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
