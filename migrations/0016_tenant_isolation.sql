-- Tenants say where their workloads run and how much they may have; those that are there have no
-- cluster, and what a tenant usually may have.
-- Documents keep the order of their members, which jsonb does not.

UPDATE tenant
   SET spec = (left(rtrim(spec::text), -1)
       || ',"isolation":"none","quotas":{"clusters":{"cluster":10,"vcluster":20,"namespace":50},'
       || '"nodes":100,"awakeVirtualClusters":20}}')::json,
       status = (left(rtrim(status::text), -1) || ',"clusters":[]}')::json;
