import Domain
import JSON
import Postgres

extension ClusterStore {
    /// What a tenant's clusters count for.
    static func figures(of tenant: TenantID) -> SQL {
        """
        SELECT c.id, c.name, c.kind, k.name, c.nodes, c.is_asleep
          FROM cluster c LEFT JOIN cluster_class k ON k.id = c.cluster_class_id
         WHERE c.tenant_id = \(tenant)
        """
    }

    /// Reads what `figures` answers.
    static func usage(_ rows: Rows) throws(StorageFault) -> TenantUsage {
        var clusters: [ClusterFigures] = []
        for row in rows {
            do throws(DatabaseFault) {
                var row = row
                let id: ClusterID = try row.next()
                let name: String = try row.next()
                let kind: String = try row.next()
                let className: String? = try row.next()
                let nodes: Int = try row.next()
                let isAsleep: Bool = try row.next()
                // The table holds no name and no kind that is none.
                guard let name = try? ClusterName(parsing: name),
                    let kind = ClusterKind(rawValue: kind)
                else { continue }
                clusters.append(
                    ClusterFigures(
                        id: id,
                        name: name,
                        kind: kind,
                        // Nor a class without a name.
                        className: className.flatMap { try? ClusterClassName(parsing: $0) },
                        nodes: nodes,
                        isAsleep: isAsleep
                    )
                )
            } catch {
                throw StorageFault(error)
            }
        }
        return TenantUsage(clusters)
    }

    /// Looks, with the tenant's row locked, whether the tenant may have the cluster.
    ///
    /// Whoever makes or enlarges a cluster of the tenant stands in line here, so that no two of
    /// them take the same last place.
    ///
    /// - Throws: `.notFound` where the caller may see no such tenant, `.refused`.
    static func admit(
        _ decision: Cluster.Decision,
        within scope: Access.Scope,
        in transaction: Transaction
    ) async throws {
        let cluster = decision.cluster
        let rows = try await transaction.execute(
            """
            SELECT phase, spec FROM tenant
             WHERE id = \(cluster.tenant) AND \(scope.condition(on: "id"))
               FOR NO KEY UPDATE
            """
        )
        guard let row = rows.first else { throw StorageFault.notFound }
        guard try row.decode(0, as: String.self) != TenantStatus.Phase.deleting.rawValue else {
            throw StorageFault.refused(.tenantIsDeleting)
        }
        let quotas = TenantQuotas(reading: try parsed(row.decode(1))["quotas"])
        let usage = try usage(try await transaction.execute(figures(of: cluster.tenant)))
        // A name that is taken is told as such, however little room there is.
        guard usage.clusters.allSatisfy({ $0.name != cluster.name || $0.id == cluster.id }) else {
            throw StorageFault.nameTaken
        }
        let exceeded = usage.standings(
            with: decision.figures,
            quotas: quotas,
            policy: decision.policy
        ).filter(\.isExceeded)
        guard exceeded.isEmpty else { throw StorageFault.refused(.overQuota(exceeded)) }
    }

    /// Looks whether the management cluster of a new cluster takes it; where it counts, with its
    /// row locked.
    ///
    /// - Throws: `.missingReference` where it is gone, `.refused`.
    static func place(_ cluster: Cluster, in transaction: Transaction) async throws {
        let name = cluster.spec.managementCluster.text
        var found = try await management(named: name, lock: "", in: transaction)
        if found.spec.capacity[cluster.spec.kind] != nil {
            found = try await management(named: name, lock: "FOR NO KEY UPDATE", in: transaction)
        }
        let rows = try await transaction.execute(
            """
            SELECT count(*) FROM cluster
             WHERE management_cluster_id = \(found.id) AND kind = \(cluster.spec.kind.rawValue)
            """
        )
        let used: Int = try rows.first?.decode(0) ?? 0
        if let refusal = found.refusal(of: cluster.spec.kind, used: used) {
            throw StorageFault.refused(refusal)
        }
    }

    private static func management(
        named name: String,
        lock: StaticString,
        in transaction: Transaction
    ) async throws -> ManagementCluster {
        let rows = try await transaction.execute(
            """
            SELECT \(StoredManagementCluster.columns) FROM management_cluster
             WHERE name = \(name)
            \(unsafeSQL: lock.description)
            """
        )
        guard let row = rows.first else { throw StorageFault.missingReference }
        return try StoredManagementCluster(row).management()
    }
}
