package import Domain
import JSON
import Postgres

extension ServiceStore {
    /// Stores a new service with its job, event, audit entry and receipt, where the tenant has
    /// room for it.
    ///
    /// - Throws: `.nameTaken`, `.serviceRefused` with what is in the way, `.keyReused` and
    ///   `.keyInProgress` for the idempotency key, `.notFound` where the caller may create none.
    package func create(
        _ decision: ServiceInstance.Decision,
        noting entry: BrokerEntry? = nil,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: .createService)
        if case .nothing = scope { throw .notFound }
        let statement = Self.statement(for: decision, call: call)
        let insertion = Self.insertion(of: decision.service, where: statement.isNew)
        let result = try await database.perform(statement, changing: insertion) { transaction in
            try await Self.admit(decision, within: scope, in: transaction)
        } after: { transaction in
            try await transaction.execute(LookTable.services.first(of: decision.service.id))
            try await transaction.note(entry, at: call.at)
        }
        guard case .outcome(let outcome) = result else { throw .missingReference }
        return outcome
    }

    /// Stores a changed service, or the wish that it be deleted, where it still is at the revision
    /// that the decision was made on.
    ///
    /// `ending` says what becomes of its bindings where it is to go.
    ///
    /// - Throws: `.notFound`, `.stale` with the current revision, `.serviceRefused` where bindings
    ///   are left, `.keyReused`, `.keyInProgress`.
    package func store(
        _ decision: ServiceInstance.Decision,
        permission: Permission,
        replacing revision: Int64,
        ending: BindingEnding = .refuse,
        noting entry: BrokerEntry? = nil,
        for call: Call
    ) async throws(StorageFault) -> WriteOutcome {
        let scope = call.access.scope(for: permission)
        if case .nothing = scope { throw .notFound }
        let service = decision.service
        let isGoing = service.status.phase == .deleting
        let statement = Self.statement(for: decision, call: call)
        let update = Self.update(
            to: service,
            where: """
                revision = \(revision) AND \(scope.condition(on: "tenant_id"))
                AND \(statement.isNew)
                """
        )
        let result = try await database.perform(statement, changing: update) { transaction in
            guard isGoing, ending == .refuse else { return }
            try await Self.refuseBound(service.id, within: scope, in: transaction)
        } after: { transaction in
            try await transaction.note(entry, at: call.at)
            guard isGoing, ending == .revoke else { return }
            try await BindingStore.revoke(
                where: "service_id = \(service.id)",
                because: "The service is being deleted.",
                following: AuditCause(service.reference, by: call),
                at: call.at,
                in: transaction
            )
        }
        if case .outcome(let outcome) = result { return outcome }
        guard let current = try await find(service.id, as: call.access) else { throw .notFound }
        throw .stale(current: current.revision)
    }

    private static func statement(
        for decision: ServiceInstance.Decision,
        call: Call
    ) -> ChangeStatement {
        ChangeStatement(
            call: call,
            object: decision.service.reference,
            tenant: decision.service.tenant,
            job: decision.job,
            supersedes: supersession(by: decision),
            event: decision.event
        )
    }

    /// What brings the service to its spec makes work pointless that waits for a person.
    static func supersession(
        by decision: ServiceInstance.Decision
    ) -> JobQueue.Supersession? {
        if decision.givesUpJobs { return .unfinished }
        return decision.job == nil ? nil : .stalled
    }

    /// Whoever binds the service stands in line here.
    private static func refuseBound(
        _ service: ServiceInstanceID,
        within scope: Access.Scope,
        in transaction: Transaction
    ) async throws {
        let answers = try await transaction.execute(all: [
            "SELECT 1 FROM service_instance WHERE id = \(service) FOR NO KEY UPDATE",
            """
            SELECT name FROM service_binding
             WHERE service_id = \(service) AND \(scope.condition(on: "tenant_id"))
             ORDER BY name LIMIT \(ListQuery.limitMax)
            """,
        ])
        var names: [String] = []
        for row in answers[1] { names.append(try row.decode(0)) }
        guard names.isEmpty else {
            throw StorageFault.serviceRefused(.isBound(BindingName.names(in: names)))
        }
    }

    /// Looks, with the tenant's row locked, whether the tenant may have the service so.
    ///
    /// - Throws: `.notFound` where the caller may see no such tenant, `.nameTaken`,
    ///   `.serviceRefused`.
    static func admit(
        _ decision: ServiceInstance.Decision,
        within scope: Access.Scope,
        in transaction: Transaction
    ) async throws {
        let service = decision.service
        let rows = try await transaction.execute(
            """
            SELECT phase, spec FROM tenant
             WHERE id = \(service.tenant) AND \(scope.condition(on: "id"))
               FOR NO KEY UPDATE
            """
        )
        guard let row = rows.first else { throw StorageFault.notFound }
        guard try row.decode(0, as: String.self) != TenantStatus.Phase.deleting.rawValue else {
            throw StorageFault.serviceRefused(.tenantIsDeleting)
        }
        let usage = try usage(try await transaction.execute(figures(of: service.tenant)))
        // A name that is taken is told as such, however little room there is.
        guard !usage.services.contains(where: { $0.name == service.name }) else {
            throw StorageFault.nameTaken
        }
        let quotas = TenantQuotas(reading: try parsed(row.decode(1))["quotas"]).services
        let exceeded = usage.standings(withAnother: service.spec.offering, quotas: quotas)
            .filter(\.isExceeded)
        guard exceeded.isEmpty else { throw StorageFault.serviceRefused(.overQuota(exceeded)) }
        guard let environment = service.spec.environment else { return }
        let place = ServiceFault.Place.spec("environment")
        try await admit(into: environment, of: service.tenant, at: place, transaction)
    }

    /// Makes sure that an environment is there and stays while the transaction lasts.
    static func admit(
        into environment: EnvironmentName,
        of tenant: TenantID,
        at place: ServiceFault.Place,
        _ transaction: Transaction
    ) async throws {
        let rows = try await transaction.execute(
            """
            SELECT phase FROM environment
             WHERE tenant_id = \(tenant) AND name = \(environment.text)
               FOR NO KEY UPDATE
            """
        )
        let phase: String? = try rows.first?.decode(0)
        guard let phase, phase != EnvironmentStatus.Phase.deleting.rawValue else {
            let detail = "The tenant has no environment of this name, or it is being deleted."
            throw StorageFault.serviceRefused(.invalid([ServiceFault(place, "unknown", detail)]))
        }
    }

    static func insertion(of service: ServiceInstance, where condition: SQL) -> SQL {
        """
        INSERT INTO service_instance (
            id, tenant_id, tenant_name, name, offering, environment, cluster, labels, label_terms,
            spec, terms, complete, phase, status, generation, revision, created_at, updated_at)
        SELECT \(service.id), \(service.tenant), \(service.tenantName.text), \(service.name.text),
               \(service.spec.offering.text), \(service.spec.environment?.text),
               \(service.spec.cluster?.text), \(Document(service.labels.write)),
               \(service.labels.terms), \(Document(service.spec.write)),
               \(Document(service.terms.write)), \(JSON.object(service.complete).document),
               \(service.status.phase.rawValue), \(Document(service.status.write)),
               \(service.generation), \(service.revision), \(service.createdAt),
               \(service.updatedAt)
         WHERE \(condition)
        RETURNING id
        """
    }

    /// The statement that stores everything of the service that ever changes.
    static func update(to service: ServiceInstance, where condition: SQL) -> SQL {
        """
        UPDATE service_instance
           SET labels = \(Document(service.labels.write)), label_terms = \(service.labels.terms),
               spec = \(Document(service.spec.write)), terms = \(Document(service.terms.write)),
               complete = \(JSON.object(service.complete).document),
               phase = \(service.status.phase.rawValue),
               status = \(Document(service.status.write)), generation = \(service.generation),
               revision = revision + 1, updated_at = \(service.updatedAt)
         WHERE id = \(service.id) AND \(condition)
        RETURNING id
        """
    }
}

/// What becomes of the bindings of a service that is to go.
package enum BindingEnding: String, Sendable, CaseIterable {
    /// It does not go while there are any.
    case refuse
    /// It goes once nobody has any more.
    case wait
    /// They are revoked.
    case revoke
}

extension JSON {
    fileprivate var document: Document { Document { $0.value(self) } }
}
