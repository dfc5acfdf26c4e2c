package import Domain
import JSON
import Postgres

extension EnvironmentStore {
    /// What a tenant has, against which its quotas are judged.
    package func usage(of tenant: TenantID) async throws(StorageFault) -> EnvironmentUsage {
        let rows = try await translating { () async throws(DatabaseFault) in
            try await database.read(Self.figures(of: tenant))
        }
        return try Self.usage(rows)
    }

    /// The names of a tenant's environments that were put into one of its clusters, by name.
    package func names(
        in cluster: ClusterName,
        of tenant: TenantID
    ) async throws(StorageFault) -> [String] {
        try await translating { () async throws(DatabaseFault) in
            let rows = try await database.read(
                """
                SELECT name FROM environment
                 WHERE tenant_id = \(tenant) AND cluster = \(cluster.text)
                 ORDER BY name
                 LIMIT \(ListQuery.limitMax)
                """
            )
            var names: [String] = []
            for row in rows { names.append(try row.decode(0)) }
            return names
        }
    }

    private static func figures(of tenant: TenantID) -> SQL {
        """
        SELECT id, name, type, service, is_awake, phase = 'deleting', cluster, used_at, needs,
               status ->> 'companionOf'
          FROM environment
         WHERE tenant_id = \(tenant)
        """
    }

    private static func usage(_ rows: Rows) throws(StorageFault) -> EnvironmentUsage {
        var environments: [EnvironmentFigures] = []
        for row in rows {
            do throws(DatabaseFault) {
                var row = row
                let id: EnvironmentID = try row.next()
                let name: String = try row.next()
                let type: String = try row.next()
                let service: String? = try row.next()
                let isAwake: Bool = try row.next()
                let isDeleting: Bool = try row.next()
                let cluster: String? = try row.next()
                // The table holds no name and no type that is none.
                guard let name = try? EnvironmentName(parsing: name),
                    let type = EnvironmentType(rawValue: type)
                else { continue }
                environments.append(
                    EnvironmentFigures(
                        id: id,
                        name: name,
                        type: type,
                        // Nor a service without a name.
                        service: service.flatMap { try? ServiceName(parsing: $0) },
                        isAwake: isAwake,
                        isDeleting: isDeleting,
                        // Nor a cluster.
                        cluster: cluster.flatMap { try? ClusterName(parsing: $0) },
                        usedAt: try row.next(),
                        needs: EnvironmentName.names(in: try row.next()),
                        companionOf: (try row.next() as String?).flatMap {
                            // Nor an owner.
                            try? EnvironmentName(parsing: $0)
                        }
                    )
                )
            } catch {
                throw StorageFault(error)
            }
        }
        return EnvironmentUsage(environments)
    }

    /// Looks, with the tenant's row locked, whether the tenant may have the environment so.
    ///
    /// Whoever makes or wakes an environment of the tenant stands in line here, so that no two of
    /// them take the same last place.
    ///
    /// - Throws: `.notFound` where the caller may see no such tenant, `.nameTaken`,
    ///   `.environmentRefused`.
    static func admit(
        _ decision: Environment.Decision,
        within scope: Access.Scope,
        in transaction: Transaction
    ) async throws {
        let environment = decision.environment
        let rows = try await transaction.execute(
            """
            SELECT phase, spec, status FROM tenant
             WHERE id = \(environment.tenant) AND \(scope.condition(on: "id"))
               FOR NO KEY UPDATE
            """
        )
        guard let row = rows.first else { throw StorageFault.notFound }
        guard try row.decode(0, as: String.self) != TenantStatus.Phase.deleting.rawValue else {
            throw StorageFault.environmentRefused(.tenantIsDeleting)
        }
        let usage = try usage(try await transaction.execute(figures(of: environment.tenant)))
        // A name that is taken is told as such, however little room there is.
        let isTaken = usage.environments.contains {
            $0.name == environment.name && $0.id != environment.id
        }
        guard !isTaken else { throw StorageFault.nameTaken }
        let clusters = try TenantStatus(reading: parsed(row.decode(2))).clusters
        if decision.isCreation, let fault = usage.collision(of: decision.figures, in: clusters) {
            throw StorageFault.environmentRefused(.invalid([fault]))
        }
        if let fault = usage.cycle(through: decision.figures) {
            throw StorageFault.environmentRefused(.invalid([fault]))
        }
        let quotas = TenantQuotas(reading: try parsed(row.decode(1))["quotas"]).environments
        let exceeded = usage.standings(with: decision.figures, quotas: quotas)
            .filter(\.isExceeded)
        guard exceeded.isEmpty else {
            throw StorageFault.environmentRefused(.overQuota(exceeded))
        }
    }

    /// Looks, with the tenant's row locked, whether the environment may go: nobody else is to lose
    /// the cluster that goes with it.
    ///
    /// - Throws: `.environmentRefused`.
    static func admitDeletion(
        of environment: Environment,
        in transaction: Transaction
    ) async throws {
        try await ServiceStore.admitLeaving(environment, in: transaction)
        guard environment.spec.placement.isOwn else { return }
        let tenant = environment.tenant
        try await transaction.execute(
            "SELECT 1 FROM tenant WHERE id = \(tenant) FOR NO KEY UPDATE"
        )
        let guests = try usage(try await transaction.execute(figures(of: tenant)))
            .guests(of: environment)
        guard guests.isEmpty else { throw StorageFault.environmentRefused(.hasGuests(guests)) }
    }

    /// The limits beyond which a decision goes that nobody called for; nil where somebody else
    /// holds the tenant right now, so that nobody knows.
    ///
    /// The environment's row is locked by then, and whoever holds the tenant's may wait for that.
    static func exceeded(
        by decision: Environment.Decision,
        in transaction: Transaction
    ) async throws -> [QuotaStanding]? {
        let tenant = decision.environment.tenant
        let rows = try await transaction.execute(
            "SELECT spec FROM tenant WHERE id = \(tenant) FOR NO KEY UPDATE SKIP LOCKED"
        )
        guard let row = rows.first else { return nil }
        let quotas = TenantQuotas(reading: try parsed(row.decode(0))["quotas"]).environments
        let usage = try usage(try await transaction.execute(figures(of: tenant)))
        return usage.standings(with: decision.figures, quotas: quotas).filter(\.isExceeded)
    }
}
