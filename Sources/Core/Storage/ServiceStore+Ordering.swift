package import Domain
import Postgres

extension ServiceStore {
    /// What was ordered together with an environment, each with the environment's binding.
    package func provided(
        for environment: EnvironmentName,
        of tenant: TenantID
    ) async throws(StorageFault) -> [ProvidedService] {
        let (services, bindings) = try await translating {
            () async throws(DatabaseFault) -> ([StoredService], [StoredBinding]) in
            let services = try await database.read(
                """
                SELECT \(StoredService.columns) FROM service_instance
                 WHERE tenant_id = \(tenant) AND environment = \(environment.text)
                   AND status ->> 'dependency' IS NOT NULL
                 ORDER BY name
                """
            )
            let bindings = try await database.read(
                """
                SELECT \(StoredBinding.columns) FROM service_binding
                 WHERE tenant_id = \(tenant) AND environment = \(environment.text)
                   AND name = \(OrderedService.binding.text)
                 ORDER BY id
                """
            )
            return (try services.map(StoredService.init), try bindings.map(StoredBinding.init))
        }
        var bound: [ServiceInstanceID: ServiceBinding] = [:]
        for stored in bindings {
            let binding = try stored.binding()
            bound[binding.service] = binding
        }
        var provided: [ProvidedService] = []
        for stored in services {
            let service = try stored.service()
            provided.append(ProvidedService(service: service, binding: bound[service.id]))
        }
        return provided
    }

    /// Stores what is ordered together with an environment, by the rules of every other order; the
    /// environment is there by then.
    ///
    /// - Throws: `.environmentRefused` where a name was taken meanwhile, `.stale` where something
    ///   was changed, `.serviceRefused` with what else is in the way.
    static func write(
        _ orders: [DependencyOrder],
        of environment: Environment,
        for call: Call,
        in transaction: Transaction
    ) async throws {
        let cause = AuditCause(environment.reference, by: call)
        for order in orders {
            if let decision = order.service {
                try await write(decision, at: order.index, for: call, in: transaction)
                let entry = cause.entry(
                    of: decision.isCreation ? "createService" : "replaceService",
                    on: decision.service.reference,
                    of: environment.tenant,
                    at: call.at
                )
                try await transaction.execute(entry)
            }
            if let decision = order.binding {
                try await BindingStore.write(decision, for: call, in: transaction)
                let entry = cause.entry(
                    of: decision.isCreation ? "createBinding" : "replaceBinding",
                    on: decision.binding.reference,
                    of: environment.tenant,
                    at: call.at
                )
                try await transaction.execute(entry)
            }
        }
    }

    private static func write(
        _ decision: ServiceInstance.Decision,
        at index: Int,
        for call: Call,
        in transaction: Transaction
    ) async throws {
        let service = decision.service
        if decision.isCreation {
            do {
                try await admit(decision, within: .everything, in: transaction)
            } catch StorageFault.nameTaken {
                let place = EnvironmentFault.Place.spec(["dependencies", "\(index)", "name"])
                let detail = "The tenant has a service \(service.name) by now."
                let fault = EnvironmentFault(place, "taken", detail)
                throw StorageFault.environmentRefused(.invalid([fault]))
            }
            try await transaction.execute(insertion(of: service, where: "true"))
            try await transaction.execute(LookTable.services.first(of: service.id))
        } else {
            let update = update(to: service, where: "revision = \(service.revision - 1)")
            guard try await !transaction.execute(update).isEmpty else {
                throw StorageFault.stale(current: service.revision)
            }
        }
        try await transaction.writeConsequences(
            of: service.reference,
            givingUp: supersession(by: decision),
            job: decision.job,
            event: decision.event,
            for: call
        )
    }

    /// Begins the end of what was ordered together with an environment and nothing needs any more
    /// that runs there or is going to; what others have bound stays until they are done with it,
    /// and what is protected until somebody takes that back and a roll-out succeeds.
    static func release(
        what environment: Environment,
        leavesAt now: Domain.Instant,
        in transaction: Transaction
    ) async throws {
        let unneeded: SQL = """
            tenant_id = \(environment.tenant) AND environment = \(environment.name.text)
            AND status ->> 'dependency' <> ALL (\(environment.ordered.map(\.text)))
            AND NOT coalesce((spec ->> 'deleteProtection')::boolean, false)
            """
        let ending = ServiceEnding.unneeded(by: environment.name)
        try await BindingStore.revoke(
            where: """
                name = \(OrderedService.binding.text)
                AND service_id IN (SELECT id FROM service_instance WHERE \(unneeded))
                """,
            because: ending.reason,
            following: AuditCause(environment.reference),
            at: now,
            in: transaction
        )
        try await remove(
            where: unneeded,
            because: ending,
            following: AuditCause(environment.reference),
            at: now,
            in: transaction
        )
    }
}

extension BindingStore {
    /// Stores a binding that is ordered together with its service.
    fileprivate static func write(
        _ decision: ServiceBinding.Decision,
        for call: Call,
        in transaction: Transaction
    ) async throws {
        let binding = decision.binding
        if decision.isCreation {
            try await admit(binding, within: .everything, in: transaction)
            try await transaction.execute(insertion(of: binding, where: "true"))
        } else {
            let update = update(to: binding, where: "revision = \(binding.revision - 1)")
            guard try await !transaction.execute(update).isEmpty else {
                throw StorageFault.stale(current: binding.revision)
            }
        }
        try await transaction.writeConsequences(
            of: binding.reference,
            givingUp: supersession(by: decision),
            job: decision.job,
            event: decision.event,
            for: call
        )
    }
}
