-- The names of tenants that were deleted: jobs, events and audit entries name a tenant by its id,
-- and whoever looks into the history of one that is gone knows it by its name.

CREATE TABLE former_tenant (
    id         uuid PRIMARY KEY,
    name       text COLLATE "C" NOT NULL,
    removed_at timestamptz NOT NULL
);

-- A name may have been used several times.
CREATE INDEX former_tenant_by_name ON former_tenant (name);

-- Those deleted before there was this table, as the audit log tells of them.
INSERT INTO former_tenant (id, name, removed_at)
SELECT object_id, max(object_name), max(at)
  FROM audit
 WHERE object_kind = 'tenant' AND object_id IS NOT NULL AND result = 'allowed'
   AND NOT EXISTS (SELECT FROM tenant WHERE tenant.id = audit.object_id)
 GROUP BY object_id;
