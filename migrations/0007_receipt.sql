-- Receipts: the first answer to a call with an idempotency key, for whoever repeats the call.
-- Written in the transaction of the effect: neither is there without the other.

CREATE TABLE receipt (
    token_id    uuid NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    status      integer NOT NULL,
    headers     json NOT NULL,
    body        bytea NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT receipt_key_is_used_once PRIMARY KEY (token_id, key),
    CONSTRAINT receipt_fingerprint_is_sha256 CHECK (octet_length(fingerprint) = 32)
);

CREATE INDEX receipt_by_age ON receipt (made_at);
