import Domain
import Postgres

extension ServiceStore {
    /// Gives each service of a tenant a job to go, and each of their bindings.
    ///
    /// The tenant's row is locked by then.
    static func remove(
        of tenant: TenantID,
        following cause: AuditCause,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        try await BindingStore.revoke(
            where: "tenant_id = \(tenant)",
            because: ServiceEnding.tenant.reason,
            following: cause,
            at: now,
            in: transaction
        )
        try await remove(
            where: "tenant_id = \(tenant)",
            because: .tenant,
            following: cause,
            at: now,
            in: transaction
        )
    }

    /// Gives what belongs to an environment a job to go, and whatever gives a consumer there
    /// access.
    static func leave(
        _ environment: Environment,
        following cause: AuditCause,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let ending = ServiceEnding.environment(environment.name)
        let own: SQL = """
            tenant_id = \(environment.tenant) AND environment = \(environment.name.text)
            """
        try await BindingStore.revoke(
            where: """
                (\(own)) OR service_id IN (SELECT s.id FROM service_instance s
                    WHERE s.tenant_id = \(environment.tenant)
                      AND s.environment = \(environment.name.text))
                """,
            because: "The environment \(environment.name) goes.",
            following: cause,
            at: now,
            in: transaction
        )
        try await remove(
            where: own,
            because: ending,
            following: cause,
            at: now,
            in: transaction
        )
    }

    /// Refuses the end of an environment that has services which are protected.
    ///
    /// - Throws: `.environmentRefused` with their names.
    static func admitLeaving(
        _ environment: Environment,
        in transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT name FROM service_instance
             WHERE tenant_id = \(environment.tenant) AND environment = \(environment.name.text)
               AND phase <> 'deleting' AND (spec ->> 'deleteProtection')::boolean
             ORDER BY name LIMIT \(ListQuery.limitMax)
            """
        )
        var names: [String] = []
        for row in rows { names.append(try row.decode(0)) }
        guard names.isEmpty else {
            let kept = ServiceInstanceName.names(in: names)
            throw StorageFault.environmentRefused(.keepsServices(kept))
        }
    }

    /// Looks whether what was ordered together with an environment may go, where the environment
    /// as it is to be leaves it out.
    ///
    /// - Throws: `.environmentRefused` where a pipeline's trust does not reach so far, and with the
    ///   names of what is protected.
    static func admitLeavingOut(
        by environment: Environment,
        as access: Access,
        in transaction: Transaction
    ) async throws {
        guard environment.status.phase != .deleting else { return }
        let kept = environment.content.dependencies.compactMap(\.order?.name)
        let rows = try await transaction.execute(
            """
            SELECT \(StoredService.columns) FROM service_instance
             WHERE tenant_id = \(environment.tenant) AND environment = \(environment.name.text)
               AND phase <> 'deleting' AND status ->> 'dependency' <> ALL (\(kept.map(\.text)))
             ORDER BY name
            """
        )
        guard !rows.isEmpty else { return }
        let found = try await transaction.execute(
            "SELECT \(StoredEnvironment.columns) FROM environment WHERE id = \(environment.id)"
        )
        guard let row = found.first else { return }
        let before = try StoredEnvironment(row).environment()
        // What was left out before goes with the next roll-out, and is nobody's fault now.
        let had = before.content.dependencies.compactMap(\.order?.name)
        let services = try rows.map { try StoredService($0).service() }
            .filter { $0.status.dependency.map(had.contains) ?? false }
        for service in services {
            guard let refusal = access.grant?.refusal(ofOrderOf: service.spec.offering) else {
                continue
            }
            throw StorageFault.environmentRefused(.beyondTrust(refusal))
        }
        let protected = services.filter(\.spec.deleteProtection).map(\.name)
        guard protected.isEmpty else {
            throw StorageFault.environmentRefused(.keepsServices(protected))
        }
    }

    static func remove(
        where condition: SQL,
        because ending: ServiceEnding,
        following cause: AuditCause,
        at now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT \(StoredService.columns) FROM service_instance
             WHERE \(condition) AND phase <> 'deleting'
             ORDER BY id
               FOR NO KEY UPDATE
            """
        )
        var random = SystemRandomNumberGenerator()
        for row in rows {
            let service = try StoredService(row).service()
            let occasion = Occasion(at: now, using: &random)
            let decision = service.removal(because: ending, on: occasion)
            try await transaction.execute(update(to: decision.service, where: "true"))
            try await transaction.writeConsequences(
                of: service.reference,
                givingUp: .unfinished,
                job: decision.job,
                event: decision.event
            )
            let entry = cause.entry(
                of: "deleteService",
                on: service.reference,
                of: service.tenant,
                at: now
            )
            try await transaction.execute(entry)
        }
    }
}
