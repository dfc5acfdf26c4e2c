-- The inventory: what drivers made for tenants outside of this database, so that teardown knows.

CREATE TABLE inventory (
    tenant_id uuid NOT NULL,
    driver    text COLLATE "C" NOT NULL,
    kind      text COLLATE "C" NOT NULL,
    name      text COLLATE "C" NOT NULL,
    detail    json NOT NULL,
    made_at   timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (tenant_id, driver, kind, name),
    CONSTRAINT tenant_leaves_nothing_behind FOREIGN KEY (tenant_id) REFERENCES tenant
);
