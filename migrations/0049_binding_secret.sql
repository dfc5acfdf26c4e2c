-- Which bindings of a tenant have a Secret of a name: no two of one consumer may have the same.

CREATE INDEX binding_by_secret ON service_binding (
    tenant_id, (coalesce(spec ->> 'secret', service_name || '-' || name)) COLLATE "C");
